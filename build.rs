//! The build script of `generated`: brings it up to date with `spec/oauth.yml`
//! before it compiles.
//!
//! Only this workspace switches the feature `regenerate` on. For everybody else
//! who compiles `generated` the script does nothing, and needs nothing.

#[cfg(feature = "regenerate")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo starts a build script in its package's folder; from the workspace's, messages name
    // the document as people do.
    std::env::set_current_dir("..")?;
    let script = std::path::absolute("build.rs")?;
    println!("cargo::rerun-if-changed={}", script.display());
    generator::Generator::new("spec/oauth.yml")
        .out_dir("generated")
        .generate()?;
    Ok(())
}

#[cfg(not(feature = "regenerate"))]
fn main() {
    // One line of these, or any change in the package would compile it again.
    println!("cargo::rerun-if-changed=../build.rs");
}
