// swift-tools-version: 6.2
import PackageDescription

/// A package of its own, so that nothing it needs is a dependency of the tools that it measures.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "gmner", path: "../.."),
    ],
    targets: [
        .target(name: "CProductClock"),
        .executableTarget(
            name: "encoder-bench",
            dependencies: [
                "CProductClock", .product(name: "Grounding", package: "gmner"),
            ]),
    ]
)
