//! Cold builds of a program that reads all of Panther's users: with the generated client, with the client of
//! openapi-generator, and with progenitor's macro. `cargo bench --bench cold_build`
//!
//! Prints a table of BENCHMARKS.md. The first run needs a network, pip and Java; the builds themselves use no
//! network. `-- dev` or `-- release` measures only one profile, `-- 1` builds each program once.

#[cfg(unix)]
mod build;
#[cfg(unix)]
#[path = "../support/cost.rs"]
mod cost;
#[cfg(unix)]
#[path = "../support/generators.rs"]
mod generators;
#[cfg(unix)]
mod packages;

/// Any error ends the benchmark.
#[cfg(unix)]
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The default number of cold builds of each program, of which the median counts.
#[cfg(unix)]
const ROUNDS: usize = 3;
#[cfg(unix)]
const USERS: usize = 150;

#[cfg(unix)]
fn main() -> Outcome {
    let names: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| name != "--bench")
        .collect();
    let rounds = names.iter().find_map(|name| name.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS);
    let packages = packages::write_all()?;
    for package in &packages {
        package.fetch()?;
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let sandbox = runtime.block_on(
        specmill_sandbox::Sandbox::builder()
            .panther_users(USERS)
            .start(),
    )?;
    let service = build::Service {
        address: sandbox.panther_url(),
        api_key: sandbox.panther_api_key(),
    };
    println!("| program with | profile | crates | CPU | | wall | program |");
    println!("|---|---|---|---|---|---|---|");
    let profiles = ["dev", "release"];
    let one = profiles
        .into_iter()
        .find(|profile| names.iter().any(|name| name == profile));
    for profile in profiles {
        if one.is_none_or(|one| one == profile) {
            measure(&packages, profile, rounds, &service)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn measure(
    packages: &[packages::Package],
    profile: &str,
    rounds: usize,
    service: &build::Service<'_>,
) -> Outcome {
    let mut builds: Vec<Vec<build::Build>> = packages.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (package, builds) in packages.iter().zip(&mut builds) {
            builds.push(build::cold(package, profile)?);
            let count = build::run(package, profile, service)?;
            if count != USERS {
                return Err(format!("{} read {count} users of {USERS}", package.name).into());
            }
        }
    }
    let costs = |builds: &[build::Build]| builds.iter().map(|build| build.cost).collect::<Vec<_>>();
    let medians: Vec<cost::Cost> = builds
        .iter()
        .map(|builds| cost::median(&costs(builds)))
        .collect();
    for ((package, cost), builds) in packages.iter().zip(&medians).zip(&builds) {
        let [ours, cpu, wall] =
            [medians[0].cpu, cost.cpu, cost.wall].map(|time| time.as_secs_f64());
        // The number of crates is the same in each build.
        let build = &builds[0];
        println!(
            "| {} | {profile} | {} | {cpu:.1} s | **{:.2}** | {wall:.1} s | {:.1} MB |",
            package.name,
            build.crates,
            ours / cpu,
            build.megabytes(),
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn main() {
    eprintln!("the processor time of builds is measured on Unix only");
}
