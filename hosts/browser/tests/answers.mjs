// Answers for the form of retail-prescreening, and how a person gives them.

export const PLAIN = {
  amount: '5000', duration_months: '24', age: '35', employed: true, account_overdrawn: false, other_plans: false,
  owns_property: true, guarantor: false, co_applicant: false, monthly_income: '2,500.00', other_payments: '300',
};

export const REFUSED = {
  amount: '18000', duration_months: '12', age: '67', employed: false, account_overdrawn: true, other_plans: true,
  owns_property: false, guarantor: false, co_applicant: false, monthly_income: '1850.50',
};

/** Something that two changes would better, each in a way of its own. */
export const UNCERTAIN = { ...PLAIN, amount: '12000', duration_months: '10', owns_property: false, other_payments: '' };

/** The place of a fact in the form: its number among the facts, as the engine describes them. */
export async function fieldOf(page, fact) {
  const index = await page.locator('trutina-prescreening').evaluate(
    (element, name) => element.description.facts.findIndex((one) => one.name === name), fact);
  return page.locator('trutina-prescreening .fields > .field').nth(index);
}

/** Fills fields by what they show: text is typed, true and false are chosen. */
export async function answer(page, facts) {
  for (const [fact, value] of Object.entries(facts)) {
    const field = await fieldOf(page, fact);
    if (typeof value === 'boolean') await field.getByRole('radio').nth(value ? 0 : 1).check();
    else await field.getByRole('textbox').fill(value);
  }
  await page.locator('trutina-prescreening').evaluate((element) => element.shadowRoot.activeElement?.blur());
}
