import Glibc
package import SystemPackage

/// The model that ships with the package.
package enum DefaultModel {
    /// The directory of the model, or `nil` if it was not installed with the program.
    ///
    /// Looked for beside the running program, where the build puts it, then where an installation would:
    /// `PREFIX/bin/gmner-stream` has it in `PREFIX/share/gmner/model`.
    package static func directory() -> FilePath? {
        guard let program = program() else { return nil }
        let here = program.removingLastComponent()
        let places = [
            here.appending("gmner_DefaultModel.resources").appending("model"),
            here.removingLastComponent().appending("share").appending("gmner").appending("model"),
        ]
        return places.first { (try? $0.appending("config.json").stat()) != nil }
    }

    /// The path of the running program, free of links.
    private static func program() -> FilePath? {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard unsafe readlink("/proc/self/exe", &path, path.count - 1) > 0 else { return nil }
        return FilePath(platformString: path)
    }
}
