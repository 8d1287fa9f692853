/** The languages of a generated publication; the first is its default. */
export const generatedLanguages = ['en', 'fa', 'ka', 'ru'] as const;
export type GeneratedLanguage = (typeof generatedLanguages)[number];

/** Words that generated articles are made of: enough that each letter range, word length and direction is there. */
export const vocabulary: Readonly<Record<GeneratedLanguage, readonly string[]>> = {
  en: 'the road border talks ministers agreed on Tuesday that a bridge between valleys would open again before winter while traders waited for trains and officials counted lorries at the crossing near the lake in spring parliament court pipeline harbour vineyard election budget railway customs drought school hospital village capital treaty observers monitors journalists engineers farmers students prices wages exports visas tariffs electricity water gas copper snow avalanche tunnel ferry airport passport'.split(
    ' ',
  ),
  fa: 'جاده مرز گفت‌وگو وزیران سه‌شنبه توافق کردند که پل میان دره‌ها پیش از زمستان دوباره باز شود بازرگانان در انتظار قطار ماندند مجلس دادگاه خط‌لوله بندر انتخابات بودجه راه‌آهن گمرک خشکسالی مدرسه بیمارستان روستا پایتخت پیمان ناظران روزنامه‌نگاران کشاورزان دانشجویان قیمت‌ها دستمزد صادرات برق آب گاز مس برف تونل فرودگاه گذرنامه'.split(
    ' ',
  ),
  ka: 'გზა საზღვარი მოლაპარაკება მინისტრები სამშაბათს შეთანხმდნენ რომ ხიდი ხეობებს შორის ზამთრამდე ისევ გაიხსნება ვაჭრები მატარებელს ელოდნენ პარლამენტი სასამართლო მილსადენი ნავსადგური არჩევნები ბიუჯეტი რკინიგზა საბაჟო გვალვა სკოლა საავადმყოფო სოფელი დედაქალაქი ხელშეკრულება დამკვირვებლები ჟურნალისტები ფერმერები სტუდენტები ფასები ხელფასები ექსპორტი ვიზები წყალი გაზი სპილენძი თოვლი გვირაბი აეროპორტი პასპორტი'.split(
    ' ',
  ),
  ru: 'дорога граница переговоры министры договорились во вторник что мост между долинами снова откроют до зимы пока торговцы ждали поездов а чиновники считали грузовики на переезде у озера весной парламент суд трубопровод гавань выборы бюджет железная таможня засуха школа больница деревня столица договор наблюдатели журналисты инженеры фермеры студенты цены зарплаты экспорт визы тарифы электричество вода газ медь снег лавина туннель паром аэропорт паспорт'.split(
    ' ',
  ),
};
