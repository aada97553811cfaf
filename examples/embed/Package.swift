// swift-tools-version: 6.2
import PackageDescription

/// A program of somebody else's that grounds a picture.
let package = Package(
    name: "embed",
    dependencies: [.package(name: "gmner", path: "../..")],
    targets: [.executableTarget(name: "embed", dependencies: [.product(name: "Grounding", package: "gmner")])]
)
