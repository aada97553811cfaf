package import SystemPackage
import Wire
package import Geometry
import Files
import JSON

extension [SynthesizedPost] {
    /// Writes the posts as NDJSON, one a line; the file appears when it is whole.
    ///
    /// - Parameters:
    ///   - path: the file to write.
    ///   - pictures: the folder of the pictures, which each post's path begins with.
    ///   - size: the size of a picture by its name, which boxes count in.
    package func write<Failure: Error>(
        to path: FilePath, pictures: FilePath, size: (String) throws(Failure) -> ImageSize
    ) throws {
        let file = try AtomicFile(path)
        var lines: [UInt8] = []
        for (index, post) in enumerated() {
            let json = post.json(
                id: String(index + 1), path: pictures.appending(post.image).string, size: try size(post.image))
            json.write(into: &lines)
            lines.append(UInt8(ascii: "\n"))
            if lines.count > 1 << 20 {
                try file.write(lines)
                lines.removeAll(keepingCapacity: true)
            }
        }
        try file.write(lines)
        try file.commit()
    }
}
