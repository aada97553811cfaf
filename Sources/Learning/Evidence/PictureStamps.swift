import Corpora
import FoundationEssentials
import Glibc
import SystemPackage

/// What picture files are known by: size and time of the last change, so that what was made of them is not believed when
/// they have changed since.
struct PictureStamps: Equatable {
    private var stamps: [String: String]

    /// Asks for the files of these pictures.
    ///
    /// - Throws: ``DataError`` that names a picture that is not there.
    init(_ views: [PictureView], in folder: FilePath) throws(DataError) {
        stamps = [:]
        for image in views.lazy.flatMap(\.images) where BlankPicture(image) == nil && stamps[image] == nil {
            let file = folder.pushing(FilePath(image))
            do {
                let found = try file.stat()
                stamps[image] = "\(found.size) \(found.st_mtim.tv_sec).\(found.st_mtim.tv_nsec)"
            } catch {
                throw DataError(file, "\(error)", kind: .input)
            }
        }
    }

    /// Reads what ``text`` wrote; `nil` for anything else.
    init?(_ text: String?) {
        guard let text, let stamps = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8)) else {
            return nil
        }
        self.stamps = stamps
    }

    /// The same for a file's header.
    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(decoding: try encoder.encode(stamps), as: UTF8.self)
        }
    }

    /// Whether everything that a view shows is as it was.
    func areEqual(to others: PictureStamps, for view: PictureView) -> Bool {
        view.images.allSatisfy { stamps[$0] == others.stamps[$0] }
    }
}

extension PictureView {
    /// Names of all pictures that it shows something of.
    var images: [String] {
        guard case .collage(let collage) = framing else { return [image] }
        return [image] + collage.others
    }
}
