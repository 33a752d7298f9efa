//! Generates documents with the shapes of large real ones, without randomness.

use std::fmt::Write;

/// How the schemas of a document reference each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Layers: each schema references several of the next layer, so that few schemas are shared by many.
    Shared,
    /// Each schema references several others anywhere, so that all of them form one cycle.
    Cyclic,
}

/// The older or the newer version of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    Old,
    New,
}

/// A document with the given number of operations, and half as many schemas.
pub(crate) fn document(operations: usize, shape: Shape, age: Age) -> String {
    let schemas = (operations / 2).max(16);
    let mut out =
        String::from(r#"{"openapi":"3.0.3","info":{"title":"Synthetic","version":"1"},"paths":{"#);
    for index in 0..operations {
        if index > 0 {
            out.push(',');
        }
        operation(&mut out, index, schemas, age);
    }
    out.push_str(r#"},"components":{"schemas":{"#);
    for index in 0..schemas {
        if index > 0 {
            out.push(',');
        }
        schema(&mut out, index, schemas, shape, age);
    }
    out.push_str("}}}");
    out
}

fn operation(out: &mut String, index: usize, schemas: usize, age: Age) {
    let renamed = age == Age::New && index % 997 == 3;
    let suffix = if renamed { "Again" } else { "" };
    let body = index % schemas;
    let response = (index * 31 + 7) % schemas;
    let limit = if age == Age::New && index % 499 == 5 {
        50
    } else {
        100
    };
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        r##""/v1/accounts/{{account}}/things{index}/{{id}}":{{"post":{{"operationId":"PostThing{index}{suffix}","description":"Changes thing {index} of an account. What is left out stays as it was; what is null is taken away. Things that are closed cannot be changed.","parameters":[{{"in":"path","name":"account","required":true,"schema":{{"type":"string","maxLength":5000}}}},{{"in":"path","name":"id","required":true,"schema":{{"type":"string","maxLength":5000}}}},{{"in":"query","name":"limit","schema":{{"type":"integer","maximum":{limit}}}}}],"requestBody":{{"content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/schema_{body}"}}}}}}}},"responses":{{"200":{{"description":"Done.","content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/schema_{response}"}}}}}}}},"default":{{"description":"Failed.","content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/schema_0"}}}}}}}}}}}}}}"##
    );
}

fn schema(out: &mut String, index: usize, schemas: usize, shape: Shape, age: Age) {
    let changed = age == Age::New && index % 50 == 11;
    let kind = if changed { "string" } else { "integer" };
    let values = if changed {
        r#""open","closed","lost""#
    } else {
        r#""open","closed","gone""#
    };
    let required = if changed {
        r#""id""#
    } else {
        r#""id","state""#
    };
    let _ = write!(
        out,
        r#""schema_{index}":{{"type":"object","description":"A thing of kind {index}, with what belongs to it. It is made by a post and stays until it is deleted; what it refers to may be expanded.","required":[{required}],"properties":{{"id":{{"type":"string","maxLength":5000,"description":"Names the thing."}},"amount":{{"type":"{kind}","description":"In the smallest unit of the currency."}},"state":{{"type":"string","enum":[{values}],"description":"The state."}},"note":{{"type":"string","nullable":true,"maxLength":500,"description":"For people; shown nowhere else."}},"tags":{{"type":"array","items":{{"type":"string"}},"maxItems":20,"description":"Words to find it by."}}"#
    );
    for (name, target) in targets(index, schemas, shape) {
        let _ = write!(
            out,
            r##","{name}":{{"anyOf":[{{"type":"string","maxLength":5000}},{{"$ref":"#/components/schemas/schema_{target}"}}],"description":"Its id, or the thing itself where it was expanded."}}"##
        );
    }
    out.push_str("}}");
}

fn targets(index: usize, schemas: usize, shape: Shape) -> Vec<(String, usize)> {
    const LINKS: usize = 5;
    let target = |link: usize| match shape {
        Shape::Shared => (index + 1 + link * link).min(schemas - 1),
        Shape::Cyclic => (index * 7 + link * 131 + 1) % schemas,
    };
    (0..LINKS)
        .map(|link| (format!("link_{link}"), target(link)))
        .collect()
}
