import Foundation

/// What is encoded: files that the script writes, so that every engine gets the same numbers.
struct Inputs {
    /// Normalised patches of one picture after the other, little-endian F32.
    let patches: [[Float]]
    /// Piece ids of the texts, special ones included.
    let texts: [[Int32]]

    /// Reads `patches.f32` (of pictures with `pictureValues` numbers each) and `texts.ids` (a line a text).
    init(_ directory: String, pictureValues: Int) throws {
        let data = try Data(contentsOf: URL(filePath: "\(directory)/patches.f32"))
        let all = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
        patches = stride(from: 0, to: all.count, by: pictureValues).map { Array(all[$0..<$0 + pictureValues]) }
        texts = try String(contentsOfFile: "\(directory)/texts.ids", encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: " ").compactMap { Int32($0) } }
    }
}
