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
        let counts = [
            ("hidden_size", width, 1 << 14), ("num_hidden_layers", layers, 512), ("num_attention_heads", heads, 512),
            ("intermediate_size", innerWidth ?? 1, 1 << 16), ("mlp_ratio", innerRatio ?? 1, 1 << 10),
            ("image_size", imageSize, 4096), ("patch_size", patchSize, 256),
        ]
        for (name, value, most) in counts where value < 1 || value > most {
            throw ModelError(.invalid, "patch encoder: \(name) is \(value), not in 1...\(most)")
        }
        // Only now: a product of numbers that nobody has looked at may be too large for any type.
        guard inner <= 1 << 16 else {
            throw ModelError(.invalid, "patch encoder: \(inner) columns inside a layer, more than \(1 << 16)")
        }
        guard (0...1).contains(epsilon) else {
            throw ModelError(.invalid, "patch encoder: layer_norm_eps is \(epsilon), not in 0...1")
        }
        guard width % heads == 0 else {
            throw ModelError(.invalid, "patch encoder: hidden_size \(width) is no multiple of \(heads) heads")
        }
        guard epsilon > 0, epsilon.isFinite else {
            throw ModelError(.invalid, "patch encoder: layer_norm_eps is \(epsilon), not above 0")
        }
        guard imageSize % patchSize == 0, grid <= 128, (0...64).contains(registerCount) else {
            throw ModelError(
                .invalid, "patch encoder: image_size \(imageSize) does not fit patches of \(patchSize) pixels")
        }
    }
}
