// The demonstration page around the element: its own texts, the choice of language, and the way it works offline.

import '../src/prescreening.mjs';
import { languageOf } from '../src/texts.mjs';
import { scriptUrl } from '../src/trusted.mjs';

const TEXTS = {
  en: {
    title: 'Loan pre-screening',
    skip: 'Skip to the form',
    brand: 'Example Bank',
    languages: 'Language',
    heading: 'Is it worth applying for this loan?',
    lead: 'Answer a few questions and see at once what our public rules say, and what you could change. It takes about two minutes.',
    promise: 'Everything is computed on this device. Your answers are neither sent nor stored, and the page works without a network.',
    footer: 'A demonstration with public rules and data of the 1970s in Deutsche Mark. Not an offer.',
  },
  'zh-CN': {
    title: '贷款预审',
    skip: '跳到表单',
    brand: '示例银行',
    languages: '语言',
    heading: '这笔贷款值得申请吗？',
    lead: '回答几个问题，即可看到公开规则的结论，以及您可以作出哪些改变。大约需要两分钟。',
    promise: '所有计算均在本设备上完成。您的回答不会发送，也不会保存；没有网络时本页面也能使用。',
    footer: '本页面仅为演示，采用公开规则和 20 世纪 70 年代的数据，以德国马克计。不构成要约。',
  },
};

function speak(language) {
  const texts = TEXTS[language];
  document.documentElement.lang = language;
  document.title = texts.title;
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = texts[element.dataset.text];
  for (const element of document.querySelectorAll('[data-label]')) element.setAttribute('aria-label', texts[element.dataset.label]);
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language));
  }
  document.querySelector('trutina-prescreening').lang = language;
}

for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => speak(button.dataset.language));
}
const asked = new URLSearchParams(location.search).get('lang');
speak(languageOf(asked ?? navigator.language));

if ('serviceWorker' in navigator) {
  navigator.serviceWorker.register(scriptUrl(new URL('./service-worker.js', import.meta.url)), { scope: './' })
    .then(() => navigator.serviceWorker.ready)
    .then(() => { document.documentElement.dataset.offline = 'ready'; })
    .catch(() => { document.documentElement.dataset.offline = 'unavailable'; });
}
