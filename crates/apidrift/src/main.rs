//! placeholder
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let read = |i: usize| apidrift::Document::parse(&std::fs::read_to_string(&args[i]).unwrap(), args[i].clone()).unwrap();
    let report = apidrift::compare(&read(3), &read(4));
    print!("{}", apidrift::render::json(&report));
}
