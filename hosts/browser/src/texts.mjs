// Every text of the form and the result, in one table per language. `{name}` is filled in. A bank may replace any of them.

const en = {
  loading: 'Preparing the form. Everything is computed on this device.',
  failed: 'The check cannot be made here.',
  failed_help: 'Your browser or this page does not allow it to start. Nothing was sent. Reload the page to try again.',
  retry: 'Try again',
  private: 'Your answers stay on this device. Nothing is sent or stored.',
  submit: 'Check',
  clear: 'Clear the form',
  cleared: 'The form is empty again.',
  optional: '(optional)',
  yes: 'Yes',
  no: 'No',
  unanswered: 'I would rather not say',
  choose: 'Choose one',
  none: 'None',
  none_of_these: 'None of these',
  add: 'Add an entry to “{label}”',
  remove: 'Remove “{label}”',
  entry: '{label}: entry {number}',
  added: '{label} was added.',
  removed: '{label} was removed.',
  special: 'Or instead:',
  series_date: 'Date',
  series_value: 'Value',
  unit: 'In {unit}',
  hint_between: 'From {min} to {max}',
  hint_min: 'At least {min}',
  hint_max: 'At most {max}',
  hint_digits: 'up to {scale} digits after the point',
  hint_series: 'One entry for each {period}, in any order',
  period_day: 'day',
  period_week: 'week',
  period_month: 'month',
  period_quarter: 'quarter',
  period_year: 'year',
  error_prefix: 'Error:',
  summary: 'Please look at {count} answers again',
  summary_one: 'Please look at one answer again',
  summary_item: '{label}: {text}',
  summary_question: '{label} {text}',
  summary_general: 'The check could not be completed',
  missing: 'Please answer this',
  missing_choice: 'Please choose one',
  missing_several: 'Choose all that apply, or “None of these”',
  missing_list: 'Add an entry, or say that there is none',
  problem_number: 'Write it in digits, such as {example}',
  problem_comma: 'Write the decimals behind a point: {say}',
  problem_ambiguous: 'This can be read in two ways: write {say} or {or}',
  problem_whole: 'Write a whole number, without a point or comma for decimals',
  problem_digits: 'Write at most {scale} digits after the point',
  problem_min: 'It has to be {min} or more',
  problem_max: 'It has to be {max} or less',
  problem_between: 'It has to be between {min} and {max}',
  problem_range: 'This number is too large',
  problem_date: 'Choose a full date',
  T3005: 'Please answer this',
  T3006: 'This is not the kind of answer that is expected here',
  T3007: 'This has too many digits',
  T3008: 'This is outside of what is possible here',
  T3009: 'Please choose one of the answers',
  T3010: 'This is no date',
  T3011: 'A date without a time is expected',
  T3012: 'Too much was entered',
  T3013: 'There are two entries for one period',
  T3014: 'This check does not apply on {as_of}.',
  T3xxx: 'This answer cannot be used',
  T4xxx: 'With these answers no result can be computed. Please contact us.',
  T5xxx: 'Too much was entered to check it here.',
  T6xxx: 'The check cannot be made here. Reload the page to try again.',
  code: 'Code {code}',
  result: 'Result',
  result_empty: 'Answer the questions and choose “Check”. The result appears here.',
  result_busy: 'Checking your answers …',
  result_old: 'You have changed an answer since. Choose “Check” again.',
  reasons: 'What counted',
  no_reasons: 'Nothing in your answers speaks against it.',
  figures: 'Figures',
  no_value: 'none',
  changes: 'What would change it',
  changes_busy: 'Looking for what would change it …',
  changes_lead: 'Each of these was checked in the same way, with your other answers as they are.',
  changes_more: 'There may be other ways.',
  changes_nothing: 'No other answer that you could give to one or two of the questions that you can act on would give a better result.',
  changes_none_found: 'We found no change of one or two answers that would give a better result. There may be others.',
  change_number: '{label}: {to} instead of {from}',
  change_from_missing: '{label}: {to}',
  change_to_missing: '{label}: left out instead of {from}',
  change_and: 'and',
  change_gives: 'Result then: {outcome}',
  hidden_value: '(not shown)',
  disclaimer: 'This is a first indication from public rules. It is not an offer and not a credit decision, and it promises neither. An application is looked at more closely than this page can.',
  as_of: 'As of {as_of} · {id} {version}',
  outcome_encourage: 'Worth applying',
  lead_encourage: 'Going by your answers, none of our public rules speaks against an application.',
  outcome_uncertain: 'A person would look at this first',
  lead_uncertain: 'Going by your answers, somebody at the bank would look at an application before it is decided.',
  outcome_discourage: 'An application would probably not succeed',
  lead_discourage: 'Going by your answers, our public rules speak against this loan as it stands.',
  outcome_approve: 'This looks good',
  lead_approve: 'Going by your answers, the rules speak for it.',
  outcome_refer: 'A person would look at this first',
  lead_refer: 'Going by your answers, somebody at the bank would look at it before it is decided.',
  outcome_decline: 'This would probably not succeed',
  lead_decline: 'Going by your answers, the rules speak against it as it stands.',
  lead_other: 'This is what the rules give for your answers.',
};

const zh = {
  loading: '正在准备表单。所有计算均在本设备上完成。',
  failed: '此处无法进行预审。',
  failed_help: '您的浏览器或此页面不允许启动预审程序。没有发送任何数据。请重新加载页面再试。',
  retry: '重试',
  private: '您的回答只留在本设备上，不会发送或保存。',
  submit: '开始预审',
  clear: '清空表单',
  cleared: '表单已清空。',
  optional: '（选填）',
  yes: '是',
  no: '否',
  unanswered: '不愿透露',
  choose: '请选择',
  none: '无',
  none_of_these: '以上都没有',
  add: '为“{label}”添加一项',
  remove: '删除“{label}”',
  entry: '{label}：第 {number} 项',
  added: '已添加{label}。',
  removed: '已删除{label}。',
  special: '或者选择：',
  series_date: '日期',
  series_value: '数值',
  unit: '单位：{unit}',
  hint_between: '{min} 至 {max}',
  hint_min: '不小于 {min}',
  hint_max: '不大于 {max}',
  hint_digits: '小数点后最多 {scale} 位',
  hint_series: '每{period}一项，顺序不限',
  period_day: '日',
  period_week: '周',
  period_month: '月',
  period_quarter: '季度',
  period_year: '年',
  error_prefix: '错误：',
  summary: '请重新检查 {count} 项回答',
  summary_one: '请重新检查 1 项回答',
  summary_item: '{label}：{text}',
  summary_question: '{label}{text}',
  summary_general: '未能完成预审',
  missing: '请填写此项',
  missing_choice: '请选择一项',
  missing_several: '请选择所有符合的选项，或“以上都没有”',
  missing_list: '请添加一项，或选择“无”',
  problem_number: '请用数字填写，例如 {example}',
  problem_comma: '小数请用小数点书写，即 {say}',
  problem_ambiguous: '此写法有两种含义，请写成 {say} 或 {or}',
  problem_whole: '请填写整数，不带小数',
  problem_digits: '小数点后最多 {scale} 位',
  problem_min: '应不小于 {min}',
  problem_max: '应不大于 {max}',
  problem_between: '应为 {min} 至 {max}',
  problem_range: '数字过大',
  problem_date: '请选择完整的日期',
  T3005: '请填写此项',
  T3006: '填写的内容类型不正确',
  T3007: '位数过多',
  T3008: '超出允许的范围',
  T3009: '请从给出的选项中选择',
  T3010: '日期无效',
  T3011: '只填日期，不填时间',
  T3012: '填写的内容过多',
  T3013: '同一期间有两项',
  T3014: '本预审在 {as_of} 不适用。',
  T3xxx: '无法使用此回答',
  T4xxx: '根据这些回答无法计算结果，请与我们联系。',
  T5xxx: '填写的内容过多，无法在此预审。',
  T6xxx: '此处无法进行预审。请重新加载页面再试。',
  code: '代码 {code}',
  result: '预审结果',
  result_empty: '请回答问题并点击“开始预审”，结果将显示在这里。',
  result_busy: '正在预审您的回答……',
  result_old: '您已修改回答，请再次点击“开始预审”。',
  reasons: '影响结果的因素',
  no_reasons: '您的回答中没有不利因素。',
  figures: '测算结果',
  no_value: '无',
  changes: '怎样可以改变结果',
  changes_busy: '正在查找可以改变结果的条件……',
  changes_lead: '以下每一项都在其他回答不变的情况下，以同样方式预审过。',
  changes_more: '可能还有其他办法。',
  changes_nothing: '在您能够改变的条件中，改变任何一项或两项都不会得到更好的结果。',
  changes_none_found: '没有找到改变一项或两项回答就能得到更好结果的办法，可能还有其他办法。',
  change_number: '{label}：由 {from} 改为 {to}',
  change_from_missing: '{label}：{to}',
  change_to_missing: '{label}：由 {from} 改为不填',
  change_and: '并且',
  change_gives: '届时结果：{outcome}',
  hidden_value: '（已隐藏）',
  disclaimer: '本结果依据公开规则得出，仅供初步参考，既不构成要约或审批决定，也不作任何承诺。正式申请时会作更详细的审查。',
  as_of: '基准日 {as_of} · {id} {version}',
  outcome_encourage: '可以考虑申请',
  lead_encourage: '根据您的回答，公开规则中没有不利于申请的情况。',
  outcome_uncertain: '需要先由工作人员审核',
  lead_uncertain: '根据您的回答，申请在审批前会先由银行工作人员审核。',
  outcome_discourage: '目前申请很可能不会成功',
  lead_discourage: '根据您的回答，这笔贷款按现有条件不符合公开规则。',
  outcome_approve: '情况良好',
  lead_approve: '根据您的回答，符合规则的要求。',
  outcome_refer: '需要先由工作人员审核',
  lead_refer: '根据您的回答，审批前会先由银行工作人员审核。',
  outcome_decline: '目前很可能不会成功',
  lead_decline: '根据您的回答，按现有条件不符合规则。',
  lead_other: '这是规则对您的回答给出的结果。',
};

const units_en = {
  day: ['day', 'days'], week: ['week', 'weeks'], month: ['month', 'months'], quarter: ['quarter', 'quarters'],
  year: ['year', 'years'], percent: ['percent', 'percent'],
};

const units_zh = { day: '天', week: '周', month: '个月', quarter: '个季度', year: '年', percent: '%' };

export const TABLE = { en, 'zh-CN': zh };

/** `en` or `zh-CN`: the language of these texts that fits a language tag. */
export function languageOf(tag) {
  return /^zh\b/i.test(tag ?? '') ? 'zh-CN' : 'en';
}

/** A name as words: `monthly_income` becomes `Monthly income`. */
function words(name) {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The texts of one language, with what a bank says instead. */
export class Texts {
  constructor(language, own = {}) {
    this.language = language;
    this.own = own?.[language] ?? {};
  }

  /** The text of a key, its `{names}` filled in. */
  say(key, values = {}) {
    const text = this.own.strings?.[key] ?? TABLE[this.language][key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }

  has(key) {
    return (this.own.strings?.[key] ?? TABLE[this.language][key]) !== undefined;
  }

  /** What a bank says about a fact or a field of one (`loans.balance`). */
  fact(path) {
    return this.own.facts?.[path] ?? {};
  }

  label(path, spec) {
    const declared = spec.label?.[this.language] ?? spec.label?.en;
    return this.fact(path).label ?? declared ?? words(spec.name ?? path);
  }

  /** What a fact is called in a sentence: a bank's own `short`, else what the ruleset calls it, else its label. */
  short(path, spec) {
    return this.fact(path).short ?? spec.label?.[this.language] ?? this.label(path, spec);
  }

  output(output) {
    return this.own.outputs?.[output.name]?.label ?? words(output.name);
  }

  /** A value of an enum, or the name of a special code. */
  value(path, value) {
    return this.fact(path).values?.[value] ?? this.own.outputs?.[path]?.values?.[value] ?? words(value);
  }

  /** A unit beside a figure; without one, the unit as such. */
  unit(path, unit, figure) {
    const own = this.fact(path).unit ?? this.own.outputs?.[path]?.unit ?? this.own.units?.[unit];
    if (own !== undefined) return own;
    if (this.language === 'zh-CN') return units_zh[unit] ?? unit;
    const [one, many] = units_en[unit] ?? [unit, unit];
    return figure === '1' ? one : many;
  }

  outcome(value) {
    const own = this.own.outcomes?.[value];
    const known = this.has(`outcome_${value}`);
    return {
      title: own?.title ?? (known ? this.say(`outcome_${value}`) : words(value)),
      lead: own?.lead ?? this.say(known ? `lead_${value}` : 'lead_other'),
    };
  }

  /** The text of a reason in this language, else in English, else its code. */
  reason(reason) {
    return reason.text?.[this.language] ?? reason.text?.en ?? reason.code;
  }
}
