/// Photographs in `examples/posts`.
public enum ExamplePictures {
    /// Their names.
    public static let names = ["chelsea.png", "coffee.jpg", "collins.jpg", "hubble.jpg", "rocket.jpg"]
}
