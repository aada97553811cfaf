/// Shape of a ViT-family patch encoder, in the words of a Hugging Face `config.json`.
package struct PatchEncoderConfiguration: Codable, Sendable, Equatable {
    /// Families that differ in tensor names and in LayerScale.
    package enum Family: String, Codable, Sendable {
        /// Dosovitskiy et al. 2021.
        case vit
        /// Oquab et al. 2023: LayerScale on both branches.
        case dinov2
        /// Darcet et al. 2024: DINOv2 with register tokens.
        case dinov2WithRegisters = "dinov2_with_registers"
    }

    /// `model_type`.
    package var family: Family
    /// Columns of a token's row.
    package var width: Int
    /// Transformer layers.
    package var layers: Int
    /// Attention heads; divides `width`.
    package var heads: Int
    /// Columns between the two products of a feed-forward block; ViT only.
    package var innerWidth: Int?
    /// The same as a multiple of `width`; DINOv2 only.
    package var innerRatio: Int?
    /// Side of the square input in pixels; a multiple of `patchSize`.
    package var imageSize: Int
    /// Side of a square patch in pixels.
    package var patchSize: Int
    /// Added to the variance in layer normalisation.
    package var epsilon: Float
    /// Extra tokens behind CLS.
    package var registers: Int?

    enum CodingKeys: String, CodingKey {
        case family = "model_type"
        case width = "hidden_size"
        case layers = "num_hidden_layers"
        case heads = "num_attention_heads"
        case innerWidth = "intermediate_size"
        case innerRatio = "mlp_ratio"
        case imageSize = "image_size"
        case patchSize = "patch_size"
        case epsilon = "layer_norm_eps"
        case registers = "num_register_tokens"
    }

    /// A patch encoder's shape.
    package init(
        family: Family, width: Int, layers: Int, heads: Int, innerWidth: Int? = nil, innerRatio: Int? = nil,
        imageSize: Int = 224, patchSize: Int, epsilon: Float = 1e-6, registers: Int? = nil
    ) {
        self.family = family
        self.width = width
        self.layers = layers
        self.heads = heads
        self.innerWidth = innerWidth
        self.innerRatio = innerRatio
        self.imageSize = imageSize
        self.patchSize = patchSize
        self.epsilon = epsilon
        self.registers = registers
    }

    /// Patches along one side.
    package var grid: Int { imageSize / patchSize }
    /// Tokens of one picture: CLS, registers, patches.
    package var tokens: Int { 1 + registerCount + grid * grid }
    /// Columns of one patch: three channels.
    package var patchColumns: Int { 3 * patchSize * patchSize }
    var registerCount: Int { family == .dinov2WithRegisters ? registers ?? 4 : 0 }
    var inner: Int { family == .vit ? innerWidth ?? 4 * width : (innerRatio ?? 4) * width }

    /// Says what is wrong with a shape that no encoder can have.
    func validate() throws(ModelError) {
        let part = "patch encoder"
        let width: ModelError.NamedSize = ("hidden_size", width, SizeLimits.width)
        let heads: ModelError.NamedSize = ("num_attention_heads", heads, SizeLimits.heads)
        try ModelError.require(
            part,
            [
                width, heads, ("num_hidden_layers", layers, SizeLimits.layers),
                ("intermediate_size", innerWidth ?? 1, SizeLimits.innerWidth),
                ("mlp_ratio", innerRatio ?? 1, SizeLimits.innerRatio),
                ("image_size", imageSize, SizeLimits.imageSide), ("patch_size", patchSize, SizeLimits.patchSide),
                ("num_register_tokens", registers ?? 0, SizeLimits.registers),
            ])
        // Only now: what is computed of numbers that nobody has looked at may be too large for any type.
        try ModelError.require(
            part,
            [
                ("hidden_size times mlp_ratio", inner, SizeLimits.innerWidth),
                ("image_size over patch_size", grid, SizeLimits.grid),
            ])
        try ModelError.requireEven(part, width: width, heads: heads)
        try ModelError.require(part, epsilon: epsilon)
        guard imageSize % patchSize == 0 else {
            throw ModelError(.invalid, "\(part): image_size \(imageSize) is no multiple of patch_size \(patchSize)")
        }
    }
}
