/// What stands around the posts of a page. The file asks nothing of anybody else: style and script are inside, and the
/// browser is told to run no other script and to load nothing from the network, whatever the data hold.
package struct Page {
    var title: String
    /// What stands on top.
    var head: HTML
    /// Whether there are posts to move between and to choose from.
    var hasPosts = true

    /// SHA-256 of the script, in base64, by which browsers know it; a test holds both together.
    static let scriptHash = "qBXAf0bBK0jQo1j5ppiX8hA1p63k1j2rgUMLnUTuhRQ="

    /// The page up to its content.
    var opening: HTML {
        let policy: HTML = """
            default-src 'none'; img-src 'self' data: file:; style-src 'unsafe-inline'; script-src 'sha256-\(Self.scriptHash)'; \
            base-uri 'none'; form-action 'none'
            """
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>\(title)</title>
            <style>
            \(HTML(resource: PackageResources.page_css))</style>
            </head>
            <body>
            <header class="top">
            <h1>\(title)</h1>
            \(head)</header>
            <main>

            """
    }

    /// The page from the end of its content on.
    var closing: HTML {
        let script: HTML =
            hasPosts
            ? "\(Self.help)<script>\(HTML(resource: PackageResources.page_js))</script>\n" : .nothing
        return """
            </main>
            \(script)</body>
            </html>

            """
    }

    private static let help: HTML = """
        <dialog id="help">
        <h2>Keys</h2>
        <dl>
        <dt>j ↓</dt><dd>next post</dd>
        <dt>k ↑</dt><dd>post before</dd>
        <dt>f</dt><dd>to the filter</dd>
        <dt>/</dt><dd>search in texts, entities and ids</dd>
        <dt>c</dt><dd>clear the filter</dd>
        <dt>?</dt><dd>these keys</dd>
        <dt>Esc</dt><dd>back to the posts</dd>
        </dl>
        <p>Point at an entity to see its box, and at a box to see its entity; click a picture to enlarge it.</p>
        <form method="dialog"><button>close</button></form>
        </dialog>

        """
}
