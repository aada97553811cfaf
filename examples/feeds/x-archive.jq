# An archive that X made of an account: data/tweets.js, which is JSON behind an assignment.
#
#     sed '1s/^[^[]*//' data/tweets.js | jq -c -f x-archive.jq | gmner-stream --html --image-root data/tweets_media
#
# The archive has the pictures, named by post and picture.
def file: sub("[?#].*$"; "") | split("/") | last;
if type == "array" then .[] else . end
| (.tweet // .)
| .id_str as $id
| [(.extended_entities // .entities).media[]? | select((.type // "photo") == "photo")
   | {path: "\($id)-\(.media_url_https // .media_url | file)", alt: .ext_alt_text}] as $images
| {id: $id, text: .full_text, image: $images}
