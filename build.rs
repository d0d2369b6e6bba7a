//! The build script of `generated`: regenerates it from `spec/oauth.yml` before it
//! is compiled.
//!
//! Only this workspace enables the feature `regenerate`. Without it, the script does
//! nothing and has no dependencies.

#[cfg(feature = "regenerate")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo runs a build script in the folder of its package. From that of the workspace, the
    // paths in messages are shorter.
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
    // Without any such line, each change in the package would rerun the script.
    println!("cargo::rerun-if-changed=../build.rs");
}
