//! The structure of the workspace: the size of each package, and the imports between its modules.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The limit of a package, in lines without tests.
const MOST_LINES: usize = 10_000;

/// The root modules of a package, each with the root modules that it imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// The folders of the packages.
fn packages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = fs::read_dir(root.join("crates")).unwrap();
    let mut packages: Vec<PathBuf> = crates.map(|entry| entry.unwrap().path()).collect();
    packages.extend([root.to_path_buf(), root.join("xtask")]);
    packages.retain(|package| package.join("Cargo.toml").exists());
    packages.sort();
    packages
}

/// The Rust files below a package's `src`, by their path in it, without tests.
fn sources(package: &Path) -> BTreeMap<PathBuf, String> {
    let source = package.join("src");
    let mut files = BTreeMap::new();
    let mut folders = vec![source.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|is| is == "rs") && !name.ends_with("tests.rs") {
                let text = without_tests(&fs::read_to_string(&path).unwrap());
                files.insert(path.strip_prefix(&source).unwrap().to_path_buf(), text);
            }
        }
    }
    files
}

/// The code without items behind `#[cfg(test)]`, whose end is determined by their indentation.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let mut attribute = line.to_owned();
        if line.trim_start().starts_with("#[cfg(") {
            while !attribute.ends_with(']') {
                let Some(next) = lines.next() else { break };
                attribute.push('\n');
                attribute.push_str(next);
            }
        }
        let condition: String = attribute.split_whitespace().collect();
        if !["#[cfg(test", "#[cfg(all(test"]
            .iter()
            .any(|start| condition.starts_with(start))
        {
            kept.push_str(&attribute);
            kept.push('\n');
            continue;
        }
        let outer = |line: &&str| {
            let rest = line.strip_prefix(indent);
            rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(' '))
        };
        let mut is_attribute = false;
        for line in lines.by_ref().filter(outer) {
            if is_attribute || line.trim_start().starts_with("#[") {
                is_attribute = !line.ends_with(']');
            } else if line.trim_start().starts_with('}') || line.ends_with([';', ',', '}']) {
                break;
            }
        }
    }
    kept
}

/// The names after `crate::`, or those of the group that follows. Macros refer to their own crate as `$crate::`.
fn imported(code: &str) -> Vec<&str> {
    let name = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
        end.unwrap_or(text.len())
    };
    let mut found = Vec::new();
    for line_or_group in code.match_indices("crate::") {
        let (start, _) = line_or_group;
        let before = code[..start].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || "_$:".contains(c)) {
            continue;
        }
        let rest = &code[start + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push(&rest[..name(rest)]);
            continue;
        };
        let mut depth = 1;
        let mut begins = true;
        for (at, character) in group.char_indices() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' => begins = depth == 1,
                c if begins && !c.is_whitespace() => {
                    begins = false;
                    found.push(&group[at..at + name(&group[at..])]);
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

/// The code without comment lines.
fn code(text: &str) -> String {
    let lines = text.lines();
    let code: Vec<&str> = lines
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    code.join("\n")
}

/// The name of the module at the root that a file belongs to; `None` for the root itself.
fn module(file: &Path) -> Option<String> {
    let first = file.iter().next()?.to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!["lib", "main"].contains(&name)).then(|| name.to_owned())
}

/// The imports between the root modules of a package. A re-export of the root counts as its original module; nested
/// modules may import each other.
fn imports(files: &BTreeMap<PathBuf, String>) -> Imports {
    let modules: BTreeSet<String> = files.keys().filter_map(|file| module(file)).collect();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (_, text) in files.iter().filter(|(file, _)| module(file).is_none()) {
        for statement in code(text).split(';') {
            let Some((_, path)) = statement.rsplit_once("use ") else {
                continue;
            };
            let path = path
                .trim_start_matches("crate::")
                .trim_start_matches("self::");
            let Some((owner, names)) = path.split_once("::") else {
                continue;
            };
            if modules.contains(owner) {
                let names = names.split(|c: char| !c.is_alphanumeric() && c != '_');
                owners.extend(names.map(|name| (name.to_owned(), owner.to_owned())));
            }
        }
    }
    let mut imports = Imports::new();
    for (file, text) in files {
        let Some(module) = module(file) else {
            continue;
        };
        let code = code(text);
        let names = imported(&code).into_iter();
        let others = names.filter_map(|name| {
            let known = modules.get(name).or_else(|| owners.get(name));
            known.filter(|other| **other != module).cloned()
        });
        imports.entry(module.clone()).or_default().extend(others);
    }
    imports
}

/// A cycle of modules that import each other, if there is one.
fn cycle(imports: &Imports) -> Option<Vec<&str>> {
    fn visit<'a>(
        module: &'a str,
        imports: &'a Imports,
        path: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> bool {
        if let Some(start) = path.iter().position(|known| *known == module) {
            path.drain(..start);
            return true;
        }
        if done.contains(module) {
            return false;
        }
        path.push(module);
        for other in imports.get(module).into_iter().flatten() {
            if visit(other, imports, path, done) {
                return true;
            }
        }
        path.pop();
        done.insert(module);
        false
    }
    let mut done = BTreeSet::new();
    imports.keys().find_map(|module| {
        let mut path = Vec::new();
        visit(module, imports, &mut path, &mut done).then_some(path)
    })
}

#[test]
fn no_package_has_more_than_10_000_lines_without_its_tests() {
    for package in packages() {
        let lines: usize = sources(&package)
            .values()
            .map(|text| text.lines().count())
            .sum();
        assert!(
            lines < MOST_LINES,
            "{} has {lines} lines without tests: divide it",
            package.display()
        );
    }
}

#[test]
fn no_modules_of_a_package_import_each_other() {
    for package in packages() {
        let imports = imports(&sources(&package));
        if let Some(modules) = cycle(&imports) {
            panic!(
                "{}: {} -> {}",
                package.display(),
                modules.join(" -> "),
                modules[0]
            );
        }
    }
}

/// The imports between the modules of a package with these files.
fn imports_of(files: &[(&str, &str)]) -> Imports {
    let files = files.iter();
    imports(
        &files
            .map(|(file, text)| (PathBuf::from(file), without_tests(text)))
            .collect(),
    )
}

#[test]
fn a_cycle_is_found_through_paths_groups_and_re_exports() {
    for third in [
        "fn third() { crate::first::first() }",
        "use crate::{\n    Error,\n    first::{self, First},\n};",
        "use crate::First;",
    ] {
        let imports = imports_of(&[
            ("lib.rs", "mod first;\npub use first::{First, Other};"),
            ("first.rs", "use crate::second;"),
            ("second/mod.rs", "mod part;"),
            ("second/part.rs", "use crate::third::Third;"),
            ("third.rs", third),
        ]);
        assert_eq!(
            cycle(&imports),
            Some(vec!["first", "second", "third"]),
            "{third}"
        );
    }
}

#[test]
fn documentation_tests_macros_and_inner_modules_import_nothing() {
    let imports = imports_of(&[
        (
            "first/mod.rs",
            "use crate::second;\nuse crate::first::inner;",
        ),
        (
            "second.rs",
            "/// See [`first`](crate::first).\nmacro_rules! first { () => { $crate::first::first() } }\n\
             #[cfg(test)]\n#[allow(dead_code)]\nmod tests {\n    use crate::first;\n}\n",
        ),
    ]);
    assert_eq!(cycle(&imports), None);
}

#[test]
fn items_behind_cfg_test_are_ignored_and_later_items_are_not() {
    let text = "fn one() {}\n#[cfg(test)]\nmod tests;\n\
                #[cfg(all(\n    test,\n    unix\n))]\n#[expect(\n    a,\n    b\n)]\n\
                fn two(\n    a: A,\n) {\n    three();\n}\nfn four() {}\n";
    assert_eq!(without_tests(text), "fn one() {}\nfn four() {}\n");
}
