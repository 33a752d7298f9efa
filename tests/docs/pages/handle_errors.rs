//! The blocks of `docs/handle-errors.md`, in their order.

use crate::Outcome;

#[tokio::test]
async fn handle_errors() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    match panther.user_get("u-404").send().await {
        Ok(user) => println!("{}", user.email),
        Err(error) if error.is_not_found() => println!("gone"),
        Err(error) if error.is_forbidden() => println!("grant {:?}", error.permission()),
        Err(error) => return Err(error.into()),
    }
    // docs: end
    Ok(())
}

#[tokio::test]
async fn what_to_report() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;
    sandbox.fail_next(specmill_sandbox::Fault::status(403));

    // docs: begin
    let error = panther.user_list().send().await.unwrap_err();
    eprintln!("{error}");
    // panther user_list: 403 Forbidden: … (needs the permission "Read User Info"; request sandbox-00000001)
    assert_eq!(error.operation(), Some("user_list"));
    assert_eq!(error.permission(), Some("Read User Info"));
    assert!(error.request_id().is_some()); // The vendor's support asks for it.
    // docs: end
    Ok(())
}

#[tokio::test]
async fn the_vendor_s_own_error() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    let panther = specmill::panther::Client::from_variables(sandbox.environment())?;

    // docs: begin
    use specmill::panther::types;

    let error = panther.user_get("u-404").send().await.unwrap_err();
    let body: types::Error = error.decode_body()?;
    println!("{}", body.message);
    // docs: end
    Ok(())
}
