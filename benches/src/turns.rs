//! Three forms of one question, timed in turns: on a shared machine, what slows one slows the next, and the ratio stays.

use std::time::Instant;

/// How often each form gets its turn.
const TURNS: usize = 101;

/// Prints how long Trutina takes as a multiple of the form by hand, and Rhai as a multiple of Trutina: the middle of all
/// turns, and the quartiles. Each form decides the record whose number it gets; a turn has `records` of them.
pub fn in_turns(
    name: &str,
    records: usize,
    mut by_hand: impl FnMut(usize),
    mut trutina: impl FnMut(usize),
    mut rhai: impl FnMut(usize),
) {
    let mut ratios = (Vec::new(), Vec::new());
    for turn in 0..=TURNS {
        let times = [turn_of(records, &mut by_hand), turn_of(records, &mut trutina), turn_of(records, &mut rhai)];
        // the first turn warms up
        if turn > 0 {
            ratios.0.push(times[1] / times[0]);
            ratios.1.push(times[2] / times[1]);
        }
    }
    println!(
        "{name}, {TURNS} turns of {records}: Trutina / by hand {}, Rhai / Trutina {}",
        said(ratios.0),
        said(ratios.1)
    );
}

fn turn_of(records: usize, form: &mut impl FnMut(usize)) -> f64 {
    let begun = Instant::now();
    (0..records).for_each(form);
    begun.elapsed().as_secs_f64()
}

fn said(mut ratios: Vec<f64>) -> String {
    ratios.sort_by(f64::total_cmp);
    let part = |numerator: usize| ratios[ratios.len() * numerator / 4];
    format!("{:.3} ({:.3} to {:.3})", part(2), part(1), part(3))
}
