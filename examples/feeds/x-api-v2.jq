# X API v2: pages of search and timelines, and lines of the streams (each an object with data and includes).
#
#     jq -c -f x-api-v2.jq pages.json | gmner-stream --html --image-root pictures
#
# Pictures are looked for under the last part of their URL; whoever fetches them stores them so. Posts have the fields
# attachments.media_keys and note_tweet, media url and alt_text, if the request asked for them.
def file: sub("[?#].*$"; "") | split("/") | last;
(.includes.media // [] | map({key: .media_key, value: .}) | from_entries) as $media
| .data | if type == "array" then .[] else . end
| select(type == "object")
| [.attachments.media_keys[]? | $media[.] | select(. != null and .type == "photo")
   | {path: (.url // "" | file), alt: .alt_text}] as $images
| {id, text: (.note_tweet.text // .text), image: $images}
