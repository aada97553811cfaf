/// What the sizes that a `config.json` names may be: all of them, in one place.
///
/// Each is held against its range before anything is computed of it. The ranges take in every encoder that is published,
/// and are so narrow that whatever is made of sizes here fits: rows times columns, a sum over layers, bytes of it.
enum SizeLimits {
    static let width = 1...1 << 14
    static let layers = 1...512
    static let heads = 1...512
    static let innerWidth = 1...1 << 16
    /// Of `innerWidth` to `width`.
    static let innerRatio = 1...1 << 10
    static let vocabulary = 1...1 << 21
    static let positions = 1...1 << 16
    static let segments = 1...1 << 10
    /// Half for either direction, half of these exact, the rest logarithmic up to 128: at least one of each kind.
    static let distanceBuckets = 4...511

    static let imageSide = 1...4096
    /// Of what a detector of objects sees, whose maps are kept while it looks.
    static let detectorSide = 16...1024
    static let detectorWidth = 1...4096
    static let patchSide = 1...256
    /// Patches along one side.
    static let grid = 1...128
    static let registers = 0...64

    static let types = 1...1024
    static let wordShapes = 0...1024
    static let fusionWidth = 1...4096
    static let prefixTokens = 1...256
    static let spanWords = 1...32
    static let queries = 1...256
    /// Boxes have their centres in two columns.
    static let groundingWidth = 2...4096
    static let partHeads = 1...4096
    static let groundingLayers = 1...64
    static let pictureLayers = 0...64
    static let priorUnits = 1...4096
    static let anchors = 0...1024
    static let peaks = 0...256
    static let candidateUnits = 1...1024
    /// Numbers of a table that a part makes by itself: patches of a picture times columns.
    static let madeTable = 1...1 << 24
}

extension ModelError {
    /// A number of a configuration, by its name there.
    typealias NamedSize = (name: String, value: Int, range: ClosedRange<Int>)

    /// Throws for the first number that is out of its range: `text encoder: hidden_size is 0, not in 1...16384`.
    static func require(_ part: String, _ sizes: [NamedSize]) throws(ModelError) {
        for (name, value, range) in sizes where !range.contains(value) {
            throw ModelError(.invalid, "\(part): \(name) is \(value), not in \(range)")
        }
    }

    /// Throws unless heads share a width evenly.
    static func requireEven(_ part: String, width: NamedSize, heads: NamedSize) throws(ModelError) {
        guard width.value % heads.value == 0 else {
            throw ModelError(
                .invalid, "\(part): \(width.name) \(width.value) is no multiple of \(heads.name) \(heads.value)")
        }
    }

    /// Throws for widths that no fusion can have.
    static func requireFusion(width: Int, heads: Int) throws(ModelError) {
        let width: NamedSize = ("width", width, SizeLimits.fusionWidth)
        let heads: NamedSize = ("heads", heads, SizeLimits.partHeads)
        try require("fusion", [width, heads])
        try requireEven("fusion", width: width, heads: heads)
    }

    /// Throws for a number that makes no sense.
    static func require(
        _ part: String, _ name: String, _ value: Float, _ range: ClosedRange<Float>
    ) throws(ModelError) {
        guard range.contains(value) else {
            throw ModelError(.invalid, "\(part): \(name) is \(value), not in \(range)")
        }
    }

    /// Throws for what layer normalisation cannot add to a variance.
    static func require(_ part: String, epsilon: Float) throws(ModelError) {
        guard epsilon > 0, epsilon <= 1 else {
            throw ModelError(.invalid, "\(part): layer_norm_eps is \(epsilon), not above 0 and at most 1")
        }
    }
}
