//! Single calls: the time that each takes beyond a hand-written one.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::Outcome;
use crate::cost::Cost;
use crate::hand_written::HandWritten;
use crate::service::Service;
use crate::sides::alternate;

const CALLS: usize = 6_400;
const ROUNDS: usize = 15;

pub(crate) fn run() -> Outcome {
    let service = Service::start(1_000)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let ids = Arc::new(service.addresses.some_ids.clone());
    let by_hand = Arc::new(HandWritten::new(&service.addresses)?);
    let panther = service.panther()?;
    println!(
        "| get a user | CPU a call, generated | CPU a call, hand-written | overhead | wall a call, generated | wall a call, hand-written | overhead |"
    );
    println!("|---|---|---|---|---|---|---|");
    for concurrency in [1, 64] {
        let sides = alternate(
            ROUNDS,
            || {
                let panther = panther.clone();
                let ids = Arc::clone(&ids);
                runtime.block_on(many(concurrency, move |number| {
                    let call = panther.user_get(&ids[number % ids.len()]);
                    async move { Ok(call.send().await?.id) }
                }))
            },
            || {
                let by_hand = Arc::clone(&by_hand);
                let ids = Arc::clone(&ids);
                runtime.block_on(many(concurrency, move |number| {
                    let by_hand = Arc::clone(&by_hand);
                    let id = ids[number % ids.len()].clone();
                    async move { Ok(by_hand.user(&id).await?.id) }
                }))
            },
        )?;
        let [ours, theirs] = [sides.generated, sides.hand_written].map(per_call);
        println!(
            "| {concurrency} at a time | {:.1} µs | {:.1} µs | **{:+.1} µs** | {:.1} µs | {:.1} µs | **{:+.1} µs** |",
            ours.0,
            theirs.0,
            ours.0 - theirs.0,
            ours.1,
            theirs.1,
            ours.1 - theirs.1,
        );
    }
    println!();
    Ok(())
}

/// Makes all calls, in the given number of concurrent tasks. Returns the responses in order.
async fn many<F>(
    concurrency: usize,
    call: impl Fn(usize) -> F + Clone + Send + 'static,
) -> Outcome<Vec<Option<String>>>
where
    F: Future<Output = Outcome<Option<String>>> + Send,
{
    let mut tasks = JoinSet::new();
    for task in 0..concurrency {
        let call = call.clone();
        tasks.spawn(async move {
            let mut responses = Vec::with_capacity(CALLS / concurrency);
            for number in (task..CALLS).step_by(concurrency) {
                responses.push((number, call(number).await?));
            }
            Outcome::Ok(responses)
        });
    }
    let mut all = Vec::with_capacity(CALLS);
    while let Some(task) = tasks.join_next().await {
        all.extend(task??);
    }
    all.sort_unstable();
    Ok(all.into_iter().map(|(_, id)| id).collect())
}

/// Microseconds of processor time and of wall time.
fn per_call(cost: Cost) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let calls = CALLS as f64;
    (
        cost.cpu.as_secs_f64() * 1e6 / calls,
        cost.wall.as_secs_f64() * 1e6 / calls,
    )
}
