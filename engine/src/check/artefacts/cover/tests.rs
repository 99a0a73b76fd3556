//! Against the plain way: every point of the product, every row.

use super::*;
use crate::check::artefacts::axis::End;
use crate::ruleset::checked::{Type, TypeKind};
use proptest::prelude::*;
use std::sync::Arc;

/// Axes of integers 0 to 3, of truth values, and of integers that may be missing.
fn axes() -> Vec<Axis> {
    let end = |number: i64| End::Number(number.into());
    let integer = Type::plain(TypeKind::Integer);
    let optional = Type { missing: true, ..integer.clone() };
    vec![
        Axis::new("a", &integer, (0..4).map(end), Some(end(0)), Some(end(3))),
        Axis::new("b", &Type::plain(TypeKind::Boolean), [], None, None),
        Axis::new("c", &optional, (0..2).map(end), None, None),
        Axis::new("d", &Type { special: Some(Arc::default()), ..integer }, (1..2).map(end), None, Some(end(1))),
    ]
}

fn points(within: &[Bits]) -> Vec<Point> {
    within.iter().fold(vec![Vec::new()], |points, axis| {
        let extend = |point: &Point| axis.iter().map(|piece| [point.as_slice(), &[piece]].concat()).collect::<Vec<_>>();
        points.iter().flat_map(extend).collect()
    })
}

fn holds(row: &[Bits], point: &Point) -> bool {
    row.iter().zip(point).all(|(cell, piece)| cell.contains(*piece))
}

fn rows() -> impl Strategy<Value = Vec<Vec<Bits>>> {
    let axes = axes();
    let cell = |axis: &Axis| {
        let (alive, size) = (axis.alive.clone(), axis.size());
        prop::collection::vec(any::<bool>(), size).prop_map(move |wanted| {
            let mut bits = Bits::none(size);
            wanted.iter().enumerate().filter(|(_, wanted)| **wanted).for_each(|(piece, _)| bits.insert(piece));
            bits.keep(&alive);
            bits
        })
    };
    let wide = |axis: &Axis| prop_oneof![Just(axis.alive.clone()), cell(axis)];
    let row: Vec<_> = axes.iter().map(wide).collect();
    prop::collection::vec(row, 0..12)
}

proptest! {
    #[test]
    fn a_gap_is_found_where_there_is_one(rows in rows()) {
        let axes = axes();
        let boxes = Boxes { axes: &axes, rows };
        let within = boxes.everything();
        let plain = points(&within).into_iter().filter(|point| !boxes.rows.iter().any(|row| holds(row, point))).count();
        match boxes.uncovered(&within, &Bits::all(boxes.rows.len()), &mut Work(WORK_MAX)) {
            Search::Covered => prop_assert_eq!(plain, 0),
            Search::Open(point) => prop_assert!(points(&within).contains(&point) && !boxes.rows.iter().any(|row| holds(row, &point))),
            Search::Cut => prop_assert!(false, "cut short"),
        }
    }

    #[test]
    fn overlaps_are_found_where_there_are_some(rows in rows()) {
        let axes = axes();
        let boxes = Boxes { axes: &axes, rows };
        let all = points(&boxes.everything());
        let share = |a: usize, b: usize| {
            let (Some(a), Some(b)) = (boxes.rows.get(a), boxes.rows.get(b)) else { return false };
            all.iter().any(|point| holds(a, point) && holds(b, point))
        };
        let expected: Vec<(usize, usize)> = (0..boxes.rows.len())
            .filter_map(|late| (0..late).find(|early| share(*early, late)).map(|early| (early, late)))
            .collect();
        prop_assert_eq!(boxes.overlaps(&|_, _| true, &mut Work(WORK_MAX)), Some(expected));
    }

    #[test]
    fn the_work_is_bounded(rows in rows(), most in 0_usize..200) {
        let axes = axes();
        let boxes = Boxes { axes: &axes, rows };
        let full = boxes.uncovered(&boxes.everything(), &Bits::all(boxes.rows.len()), &mut Work(WORK_MAX));
        let short = boxes.uncovered(&boxes.everything(), &Bits::all(boxes.rows.len()), &mut Work(most));
        prop_assert!(short == full || short == Search::Cut);
    }
}
