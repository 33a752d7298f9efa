//! Instructions: the number that a generated client executes beyond hand-written code.
//!
//! Valgrind counts them in a separate process for each side. The start of a process is subtracted: each side runs
//! twice, with few rounds and with many. The counts hardly depend on the machine or its load.

use std::io::ErrorKind;
use std::process::{Command, Stdio};

use tokio::runtime::Builder;

use crate::Outcome;
use crate::hand_written::HandWritten;
use crate::listing::{CENTER_PAGE, PANTHER_PAGE, panther_users, people};
use crate::service::{self, Addresses, Service};

/// The argument that makes this program run one side of a comparison.
pub(crate) const ARGUMENT: &str = "side";

const USERS: usize = 6_000;

/// The compared work: name, description, few rounds, many rounds, and the target ratio.
const WORK: [(&str, &str, usize, usize, f64); 3] = [
    ("get", "get a user", 200, 1_200, 1.08),
    ("cursor", "list 6000 users, cursors", 1, 4, 1.02),
    ("numbered", "list 6000 users, page numbers", 1, 4, 1.02),
];

pub(crate) fn run() -> Outcome {
    match Command::new("valgrind").arg("--version").output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!(
                "Instructions were not counted: valgrind is not installed (Debian: `apt-get install valgrind`).\n"
            );
            return Ok(());
        }
        found => found.map(drop)?,
    }
    let service = Service::start(USERS)?;
    println!(
        "| in instructions, one thread | generated | hand-written | ratio | target |\n|---|---|---|---|---|"
    );
    for (work, title, few, many, mark) in WORK {
        let rounds = u64::try_from(many - few)?;
        let cost = |side: &str| -> Outcome<u64> {
            let few = count(&service, work, side, few)?;
            let many = count(&service, work, side, many)?;
            Ok(many.saturating_sub(few) / rounds)
        };
        let (generated, hand_written) = (cost("generated")?, cost("hand-written")?);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let ratio = generated as f64 / hand_written as f64;
        println!("| {title} | {generated} | {hand_written} | **{ratio:.3}** | {mark} |");
    }
    println!();
    Ok(())
}

/// The instructions of a process that makes the given number of rounds.
fn count(service: &Service, work: &str, side: &str, rounds: usize) -> Outcome<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args([ARGUMENT, work, side, &rounds.to_string()])
        .env("ADDRESSES", serde_json::to_string(&service.addresses)?)
        .stdin(Stdio::null())
        .output()?;
    let printed = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{work} of the {side} side failed: {printed}").into());
    }
    let collected = printed
        .lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    collected.ok_or_else(|| format!("valgrind printed no count: {printed}").into())
}

/// Makes the given number of rounds of one side's work.
pub(crate) fn side(arguments: &[String]) -> Outcome {
    let [work, side, rounds] = arguments else {
        return Err("a side takes its work, its name and a number of rounds".into());
    };
    let addresses: Addresses = serde_json::from_str(&std::env::var("ADDRESSES")?)?;
    let rounds: usize = rounds.parse()?;
    let by_hand = HandWritten::new(&addresses)?;
    let panther = service::panther(&addresses)?;
    let center = service::identity_center(&addresses)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        for round in 0..rounds {
            let id = &addresses.some_ids[round % addresses.some_ids.len()];
            match (work.as_str(), side.as_str()) {
                ("get", "generated") => drop(panther.user_get(id).send().await?),
                ("get", _) => drop(by_hand.user(id).await?),
                ("cursor", "generated") => all(panther_users(&panther).await?.count)?,
                ("cursor", _) => all(by_hand.users(PANTHER_PAGE).await?.count)?,
                (_, "generated") => {
                    all(people(&center, &addresses.instance_id, CENTER_PAGE, 1)
                        .await?
                        .count)?;
                }
                _ => all(by_hand.people(CENTER_PAGE).await?.count)?,
            }
        }
        Ok(())
    })
}

fn all(count: usize) -> Outcome {
    if count == USERS {
        return Ok(());
    }
    Err(format!("{count} users came, not {USERS}").into())
}
