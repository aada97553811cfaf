# Mastodon, and what speaks its API: statuses, alone or in lists. Their texts are HTML.
#
#     jq -c -f mastodon.jq timeline.json | gmner-stream --html --image-root pictures
#
# Pictures are looked for under the last part of their URL. What was boosted speaks for the boost.
def file: sub("[?#].*$"; "") | split("/") | last;
if type == "array" then .[] else . end
| .id as $id
| (.reblog // .)
| [.media_attachments[]? | select(.type == "image") | {path: (.url // "" | file), alt: .description}] as $images
| {id: $id, text: .content, image: $images}
