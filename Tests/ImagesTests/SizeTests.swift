import Geometry
@testable import Images
import SystemPackage
import Testing

/// Sizes of pictures that are not decoded.
@Suite struct SizeTests {
    @Test("the size is that of the picture that is decoded, upright")
    func isThatOfThePicture() throws {
        let pictures = try Fixture.load().decode
        for picture in pictures {
            let size = try ImageDecoder().size(of: Fixture.picture(picture.file))
            #expect(size == ImageSize(width: picture.originalWidth, height: picture.originalHeight), "\(picture.file)")
        }
        #expect(pictures.count > 20)
    }

    @Test("what is too large, or none, is refused by what its file begins with")
    func refusals() throws {
        func code(_ bytes: [UInt8], _ limits: ImageLimits = ImageLimits()) -> ImageError.Code? {
            failure { () throws(ImageError) in try ImageDecoder(limits: limits).size(of: bytes) }?.code
        }
        let picture = try Fixture.picture("baseline-420.jpg")
        #expect(code([]) == .empty && code(Array("<html>".utf8)) == .format)
        #expect(code(picture, ImageLimits(maxPixels: 1)) == .tooManyPixels)
        #expect(code(picture, ImageLimits(maxBytes: 10)) == .tooLarge)
        #expect(code(Array(picture.prefix(4))) != nil)
        // What follows the header is not looked at.
        #expect(code(Array(picture.prefix(picture.count / 2))) == nil)
    }

    @Test("a file is found as a picture is")
    func files() throws {
        let folder = try TemporaryFolder()
        try folder.folder("root")
        try folder.write("root/a.jpg", Fixture.picture("baseline-420.jpg"))
        try folder.write("b.jpg", Fixture.picture("baseline-420.jpg"))
        let source = PictureSource(root: folder.path.appending("root"))
        #expect(try source.size(of: "a.jpg") == source.picture(of: "a.jpg", atLeast: .max).storedSize)
        #expect(failure { () throws(ImageError) in try source.size(of: "../b.jpg") }?.code == .outsideRoot)
        #expect(failure { () throws(ImageError) in try source.size(of: "c.jpg") }?.code == .missing)
    }
}
