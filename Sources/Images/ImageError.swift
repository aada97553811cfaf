internal import SystemPackage

/// Why a picture could not be used.
package struct ImageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, by the name that answers carry.
    package enum Code: String, Sendable, CaseIterable {
        /// A URL of something that is no file of this machine.
        case url = "image.url"
        /// A `data:` URI that cannot be decoded.
        case data = "image.data"
        /// No such file.
        case missing = "image.missing"
        /// A directory, FIFO, device or socket.
        case notRegular = "image.not_regular"
        /// The path leads out of the picture root.
        case outsideRoot = "image.outside_root"
        /// The file is there and cannot be opened or read.
        case unreadable = "image.unreadable"
        /// The file has no bytes.
        case empty = "image.empty"
        /// More bytes than ``ImageLimits/maxBytes``.
        case tooLarge = "image.too_large"
        /// More pixels than ``ImageLimits/maxPixels``.
        case tooManyPixels = "image.too_many_pixels"
        /// Decoding would be more work, or take more memory, than a picture may cost.
        case tooCostly = "image.too_costly"
        /// No JPEG, PNG or WebP, or a kind of them that cannot be decoded.
        case format = "image.format"
        /// The bytes end before the picture does.
        case truncated = "image.truncated"
        /// The bytes are damaged.
        case corrupt = "image.corrupt"
        /// The system failed, not the picture: it has no more descriptors or memory, or cannot read the disk.
        case system = "image.system"
        /// The deadline passed before the picture was decoded.
        case timeout = "image.timeout"
    }

    /// What went wrong.
    package let code: Code
    /// The reason in words, with the path where one is known.
    package let message: String
    /// What the system said, where it was asked.
    let cause: Errno?
    /// The same as ``message``.
    package var description: String { message }

    /// Makes an error of a code and a reason.
    package init(_ code: Code, _ message: String) { self.init(code, message, cause: nil) }

    private init(_ code: Code, _ message: String, cause: Errno?) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// What the system said when a file was to be found, opened or read. Some of that a path can be blamed for, and so the
    /// post that names it; the rest is the machine's.
    init(_ cause: Errno) {
        switch cause {
        case .noSuchFileOrDirectory, .notDirectory: self.init(.missing, "no such file", cause: cause)
        case .noSuchAddressOrDevice, .operationNotSupportedByDevice:
            self.init(.notRegular, "a socket, or a device that is not there", cause: cause)
        case .permissionDenied, .notPermitted, .tooManySymbolicLinkLevels, .fileNameTooLong, .isDirectory,
            .invalidArgument, .illegalByteSequence:
            self.init(.unreadable, "\(cause)", cause: cause)
        default: self.init(.system, "\(cause)", cause: cause)
        }
    }

    /// The same error with the path in front of the reason.
    func naming(_ path: String) -> ImageError {
        ImageError(code, "\(Self.shown(path)): \(message)", cause: cause)
    }

    /// A path as messages show it. Paths come from the feed and may be megabytes long, most of all those that hold the
    /// picture itself.
    private static func shown(_ path: String) -> String {
        let limit = path.utf8.prefix(5).map { $0 | 0x20 } == Array("data:".utf8) ? 32 : 256
        let scalars = path.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return path }
        return String(scalars[..<end]) + "…"
    }
}
