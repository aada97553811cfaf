# Reddit: listings of the API, and lines of dumps. A post's title is the beginning of its text.
#
#     jq -c -f reddit.jq listing.json | gmner-stream --html --image-root pictures
#
# Pictures are looked for under the last part of their URL; a gallery has several.
def file: gsub("&amp;"; "&") | sub("[?#].*$"; "") | split("/") | last;
if .kind? == "Listing" then .data.children[].data elif .data? and .kind? then .data else . end
| (.media_metadata // {}) as $gallery
| (if .gallery_data? then [.gallery_data.items[] | {path: ($gallery[.media_id].s.u // "" | file), alt: .caption}]
   elif (.url // "" | test("\\.(jpe?g|png|webp)([?#]|$)"; "i")) then [{path: (.url | file)}]
   else [.preview.images[]?.source | {path: (.url | file)}] end) as $images
| {id, text: ([.title, .selftext // .body] | map(select(. != null and . != "")) | join("\n\n")), image: $images}
