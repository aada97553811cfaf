# Bluesky: events of the jetstream, of which those that make a post are taken, and records of feeds ({post: {uri, record}}).
#
#     websocat "$JETSTREAM" | jq --unbuffered -c -f bluesky.jq | gmner-stream --image-root pictures
#
# Pictures are looked for under their content's name, with the extension of their type.
def images:
    [((.embed.images // .embed.media.images) // [])[]
     | {path: "\(.image.ref["$link"]).\(.image.mimeType // "image/jpeg" | sub("^image/"; "") | sub("^jpeg$"; "jpg"))",
        alt: (if .alt == "" then null else .alt end)}];
if type == "array" then .[] else . end
| if .commit? then
      select(.commit.operation == "create" and .commit.collection == "app.bsky.feed.post")
      | {uri: "at://\(.did)/\(.commit.collection)/\(.commit.rkey)", record: .commit.record}
  elif .post? then .post
  else . end
| select(.record.text?)
| {id: .uri, text: .record.text, image: (.record | images)}
