window.YTD.tweets.part0 = [
  {"tweet":{"id_str":"1700000000000000004","full_text":"Marta Vieira &amp; friends in Lisbon","extended_entities":{"media":[{"type":"photo","media_url_https":"https://pbs.example/media/one.jpg"},{"type":"video","media_url_https":"https://pbs.example/media/film.jpg"}]}}},
  {"tweet":{"id_str":"1700000000000000005","full_text":"Nothing but words from Oslo"}}
]
