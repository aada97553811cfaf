/// Lines of JSON that cost more than they look.
extension Bomb {
    private static let short = 64_000
    private static let long = 1_000_000

    static let json: [Bomb] = [
        Bomb(json: "nested to the limit", ["--passthrough"]) {
            #"{"text":"Chicago","x":"# + "[".times(upTo: 511) + "]".times(upTo: 511) + "}"
        },
        Bomb(json: "nested, again and again", ["--passthrough"]) {
            let nest = "[".times(upTo: 500) + "]".times(upTo: 500)
            return #"{"text":"Chicago","x":["# + "\(nest),".times(upTo: long) + "0]}"
        },
        Bomb(json: "nested beyond") { #"{"text":"Chicago","x":"# + "[".times(upTo: long) },
        Bomb(json: "members without end", ["--passthrough"]) {
            #"{"text":"Chicago""# + #","a":1"#.times(upTo: long) + "}"
        },
        Bomb(json: "texts without end") { #"{"text":"Chicago""# + #","text":"b""#.times(upTo: long) + "}" },
        Bomb(json: "a long key", ["--passthrough"]) { #"{"text":"Chicago",""# + "k".times(upTo: long) + #"":1}"# },
        Bomb(json: "a long number", ["--passthrough"]) { #"{"text":"Chicago","n":"# + "1".times(upTo: long) + "}" },
        Bomb(json: "a number as id") { #"{"text":"Chicago","id":"# + "1".times(upTo: long) + "}" },
        Bomb(json: "tokens without end") { #"{"tokens":["# + #""a","#.times(upTo: short) + #""a"]}"# },
        Bomb(json: "escapes") { #"{"text":""# + #"\u0061"#.times(upTo: short) + #""}"# },
        Bomb(json: "surrogates") { #"{"text":""# + #"\ud83d\ude00"#.times(upTo: short) + #""}"# },
        Bomb(json: "a long id") { #"{"text":"Chicago","id":""# + "x".times(upTo: short) + #""}"# },
        Bomb(json: "a long id, to each triple", ["--emit", "triples"]) {
            #"{"text":""# + "Paris ".times(upTo: 24_000) + #"","id":""# + "x".times(upTo: 40_000) + #""}"#
        },
        Bomb(json: "passed through, to each triple", ["--emit", "triples", "--passthrough"]) {
            #"{"text":""# + "Paris ".times(upTo: 24_000) + #"","x":""# + "x".times(upTo: 40_000) + #""}"#
        },
        Bomb(json: "a long alternative text") {
            #"{"text":"Chicago","alt":""# + "Paris ".times(upTo: short) + #""}"#
        },
        Bomb(json: "16 MB of members", ["--passthrough"]) {
            #"{"text":"Chicago""# + #","a":1"#.times(upTo: 16_000_000) + "}"
        },
        Bomb(json: "16 MB of braces") { "{".times(upTo: 16_000_000) },
    ]
}
