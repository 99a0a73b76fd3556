//! Scales: bands by class, columns as constant records.

use super::super::builder::{Builder, index};
use super::super::classes::{Axis, Selection, classes};
use super::super::constants::output_type;
use super::{interval_label, too_many_digits};
use crate::program::ScaleProgram;
use crate::program::artefact::{BandProgram, NONE};
use crate::ruleset::checked::{Type, TypeKind};
use crate::ruleset::{Band, BoundText, Scale};
use crate::value::Value;
use crate::value::slot::Slot;

pub(super) fn compile(builder: &mut Builder<'_>, scale: &Scale) -> ScaleProgram {
    let constants: Vec<_> =
        scale.bands.iter().flat_map(|band| [band.from, band.to]).flatten().map(Value::Decimal).collect();
    let axis = Axis::numbers(&constants.iter().collect::<Vec<_>>());
    let ty = Type::plain(TypeKind::Decimal { scale: 28 });
    let mut selections = Vec::new();
    for band in &scale.bands {
        selections.push(select(band, &axis, &ty).unwrap_or_else(|| {
            too_many_digits(builder, band.span);
            Selection::default()
        }));
    }
    let locator = axis.divide(&selections.iter().collect::<Vec<_>>(), builder);
    let mut band_of_class = vec![NONE; locator.values as usize];
    for (band, selection) in selections.iter().enumerate() {
        for class in classes(selection, &locator).into_iter().flat_map(|(first, last)| first..=last) {
            if let Some(place) = band_of_class.get_mut(class as usize).filter(|place| **place == NONE) {
                *place = index(band);
            }
        }
    }
    let bands = scale.bands.iter().map(|band| band_program(builder, scale, band)).collect();
    let (name, outputs) = (scale.name.clone(), scale.outputs.clone());
    ScaleProgram { name, outputs, locator, band_of_class, bands, span: scale.span }
}

fn select(band: &Band, axis: &Axis, ty: &Type) -> Option<Selection> {
    let place = |bound| axis.place(&Value::Decimal(bound), ty).map(|(_, ceil)| ceil);
    let low = band.from.map_or(Some(i128::MIN), place)?;
    let high = band.to.map_or(Some(i128::MAX), |bound| place(bound)?.checked_sub(1))?;
    Some(Selection { ranges: vec![(low, high)], ..Selection::default() })
}

fn band_program(builder: &mut Builder<'_>, scale: &Scale, band: &Band) -> BandProgram {
    let values = band.values.iter().zip(&scale.outputs);
    let slots: Vec<_> = values.map(|(value, output)| builder.slot(value, &output_type(output))).collect();
    let record = Slot::Record(builder.stretch(&slots));
    let (from, to) = (band.from.map(BoundText::Number), band.to.map(BoundText::Number));
    BandProgram { record, label: interval_label(from.as_ref(), to.as_ref()), span: band.span }
}
