//! The program `gigasite`: hands over to the command line.

fn main() -> std::process::ExitCode {
    gigasite::cli::run()
}
