//! The rules that recognise paged lists. The README describes them.

use serde_json::{Value, json};

use specmill_openapi::document::text;

use super::evidence::{
    Field, Query, Success, fields, fold, kind, may_be_text, properties, queries, request_body,
    resolve, success,
};

/// Names of parameters for a cursor, best first.
const CURSORS: [&str; 41] = [
    "cursor",
    "pagecursor",
    "paginationcursor",
    "nextcursor",
    "aftercursor",
    "startcursor",
    "cursorid",
    "pagetoken",
    "nextpagetoken",
    "nexttoken",
    "paginationtoken",
    "paginationkey",
    "pagingtoken",
    "continuationtoken",
    "continuation",
    "starttoken",
    "marker",
    "pagemarker",
    "nextmarker",
    "bookmark",
    "scrollid",
    "pagekey",
    "nextkey",
    "startkey",
    "exclusivestartkey",
    "pagestate",
    "iterator",
    "after",
    "pageafter",
    "afterid",
    "startingafter",
    "startafter",
    "lastid",
    "lastkey",
    "pageid",
    "nextpage",
    "nextid",
    "next",
    "page",
    "offset",
    "start",
];

/// Names of fields with the next cursor, best first.
const NEXT: [&str; 28] = [
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "nextpagecursor",
    "nextpaginationtoken",
    "nextcontinuationtoken",
    "nextmarker",
    "nextbookmark",
    "nextpagekey",
    "nextkey",
    "nextstartkey",
    "lastevaluatedkey",
    "nextpagestate",
    "nextiterator",
    "nextpageid",
    "nextid",
    "nextpage",
    "nextafter",
    "nextoffset",
    "nextstart",
    "endcursor",
    "aftercursor",
    "continuationtoken",
    "paginationtoken",
    "paginationkey",
    "scrollid",
    "bookmark",
    "next",
];

/// Properties that identify an item, best first. Any but the first requires that the description of the parameter names it.
const IDS: [&str; 6] = ["id", "token", "uuid", "uid", "guid", "identifier"];

/// Names of parameters for the id of the last item.
const LAST_ITEM: [&str; 6] = [
    "startingafter",
    "startafter",
    "afterid",
    "after",
    "lastid",
    "pageafter",
];

const PAGES: [&str; 8] = [
    "page",
    "pagenumber",
    "pagenum",
    "pageno",
    "pageindex",
    "currentpage",
    "pagepage",
    "p",
];

const OFFSETS: [&str; 10] = [
    "offset",
    "pageoffset",
    "skip",
    "startindex",
    "startat",
    "start",
    "from",
    "firstresult",
    "startposition",
    "resultoffset",
];

/// Names of parameters for the page size.
const SIZES: [&str; 23] = [
    "perpage",
    "pagesize",
    "limit",
    "pagelimit",
    "size",
    "itemsperpage",
    "resultsperpage",
    "maxresults",
    "maxitems",
    "maxpagesize",
    "pageperpage",
    "count",
    "top",
    "take",
    "rows",
    "max",
    "numresults",
    "batchsize",
    "pagelength",
    "length",
    "num",
    "n",
    "first",
];

/// Names of flags that tell whether there is a next page.
const MORE: [&str; 9] = [
    "hasmore",
    "more",
    "hasnext",
    "hasnextpage",
    "hasmorepages",
    "hasmoreitems",
    "hasmoreresults",
    "moreavailable",
    "hasmoredata",
];

/// Names of fields for the position of a page in the list, or for the length of the list.
const FACTS: [&str; 31] = [
    "total",
    "totalcount",
    "totalitems",
    "totalresults",
    "totalelements",
    "totalrecords",
    "totalrows",
    "totalpages",
    "totalnumberofpages",
    "totalhits",
    "totalfilteredcount",
    "numpages",
    "pagecount",
    "pagescount",
    "lastpage",
    "count",
    "itemcount",
    "resultcount",
    "recordcount",
    "page",
    "pagenumber",
    "pagenum",
    "pageindex",
    "currentpage",
    "perpage",
    "pagesize",
    "itemsperpage",
    "limit",
    "offset",
    "nextoffset",
    "previouspage",
];

/// Names of objects that contain such fields.
const FACTS_OBJECTS: [&str; 8] = [
    "pagination",
    "paging",
    "pageinfo",
    "resultinfo",
    "paginationinfo",
    "paginationmetadata",
    "pagingmetadata",
    "listmetadata",
];

/// Names of fields for the items, best first.
const ITEMS: [&str; 16] = [
    "data",
    "items",
    "results",
    "result",
    "values",
    "value",
    "entries",
    "records",
    "elements",
    "resources",
    "objects",
    "rows",
    "nodes",
    "content",
    "list",
    "hits",
];

/// Names of lists that may occur in addition to the items.
const BESIDE: [&str; 15] = [
    "errors",
    "warnings",
    "links",
    "included",
    "includes",
    "messages",
    "facets",
    "aggregations",
    "order",
    "orders",
    "sort",
    "filters",
    "schemas",
    "columns",
    "fields",
];

/// The paging of a list operation, if both its request and its response indicate it.
pub(super) fn recognise(
    document: &Value,
    path: &str,
    method: &str,
    operation: &Value,
) -> Option<Value> {
    let success = success(document, operation)?;
    let list = List {
        document,
        queries: queries(document, path, operation),
        fields: if kind(document, success.schema, 0) == Some("array") {
            Vec::new()
        } else {
            fields(document, success.schema)
        },
        items: items(document, path, &success)?,
        headers: success.headers,
    };
    if method == "post" {
        return list.body_cursor(request_body(document, operation)?);
    }
    list.cursor()
        .or_else(|| list.header_cursor())
        .or_else(|| list.last_item())
        .or_else(|| list.link_header())
        .or_else(|| list.token_link())
        .or_else(|| list.page())
        .or_else(|| list.offset())
        .or_else(|| list.link())
}

/// The paging evidence of a list operation.
struct List<'d> {
    document: &'d Value,
    queries: Vec<Query<'d>>,
    fields: Vec<Field<'d>>,
    items: Items<'d>,
    /// The headers of the response.
    headers: Vec<Field<'d>>,
}

/// The items of a response.
struct Items<'d> {
    /// The field with the items; empty if the response is the list.
    place: String,
    of: &'d Value,
}

impl<'d> List<'d> {
    fn cursor(&self) -> Option<Value> {
        let (parameter, next) = self.cursor_of(&self.fields)?;
        let paging = json!({
            "kind": "cursor", "parameter": parameter.name, "next": next.place, "items": self.items.place
        });
        Some(self.with_flag(paging))
    }

    fn header_cursor(&self) -> Option<Value> {
        let (parameter, next) = self.cursor_of(&self.headers)?;
        Some(json!({
            "kind": "header-cursor", "parameter": parameter.name, "header": next.place, "items": self.items.place
        }))
    }

    fn body_cursor(&self, body: &'d Value) -> Option<Value> {
        let all = fields(self.document, body);
        let rank = |name: &str| CURSORS.iter().position(|one| *one == name);
        // `pagination.token`
        let of_token = |field: &Field<'_>| {
            let around = FACTS_OBJECTS.contains(&&*field.parent) || field.parent == "page";
            (around && field.folded == "token").then_some(CURSORS.len())
        };
        let mut taken: Vec<(usize, &Field<'d>)> = all
            .iter()
            .filter(|field| field.kind == Some("string"))
            .filter_map(|field| Some((rank(&field.folded).or_else(|| of_token(field))?, field)))
            .collect();
        taken.sort_by_key(|(rank, _)| *rank);
        taken.into_iter().find_map(|(_, field)| {
            let next = self.next_of(&self.fields, &field.folded, field.kind, true)?;
            let paging = json!({
                "kind": "body-cursor", "field": field.place, "next": next.place, "items": self.items.place
            });
            Some(self.with_flag(paging))
        })
    }

    fn with_flag(&self, mut paging: Value) -> Value {
        if let Some(more) = self.flag() {
            paging["more"] = json!(more.place);
        }
        paging
    }

    /// The parameter for the cursor, and the field or header with the next one.
    fn cursor_of<'f>(&self, fields: &'f [Field<'d>]) -> Option<(&Query<'d>, &'f Field<'d>)> {
        self.cursors().into_iter().find_map(|parameter| {
            let known = CURSORS.contains(&&*parameter.folded);
            let next = self.next_of(fields, &parameter.folded, parameter.kind, known)?;
            Some((parameter, next))
        })
    }

    /// The field with the next value of a cursor, whose name is `known` as that of one or not.
    fn next_of<'f>(
        &self,
        fields: &'f [Field<'d>],
        cursor: &str,
        kind: Option<&str>,
        known: bool,
    ) -> Option<&'f Field<'d>> {
        let mut next = self.next_cursors(fields);
        next.retain(|field| field.kind == kind);
        let by_name = next.iter().find(|field| {
            let rest = field.folded.strip_prefix("next");
            rest.is_some_and(|rest| !rest.is_empty() && (rest == cursor || cursor.ends_with(rest)))
        });
        let named_alike = || {
            let mut fields = fields.iter().filter(|field| field.folded == cursor);
            fields.find(|field| field.kind == kind && !field.is_url() && names_next(field))
        };
        let found = by_name.or_else(|| next.first().filter(|_| known)).copied();
        found.or_else(|| named_alike().filter(|_| known))
    }

    /// The parameters that may take a cursor, best first: those with the name of a cursor, then any other string.
    fn cursors(&self) -> Vec<&Query<'d>> {
        let rank = |one: &Query<'_>| {
            let place = CURSORS.iter().position(|name| *name == one.folded);
            place.unwrap_or(CURSORS.len())
        };
        let is_one = |one: &&Query<'_>| {
            let number = PAGES.contains(&&*one.folded) || OFFSETS.contains(&&*one.folded);
            !one.required
                && match one.kind {
                    Some("string") => true,
                    Some("integer") => !number && rank(one) < CURSORS.len(),
                    _ => false,
                }
        };
        let mut found: Vec<&Query<'d>> = self.queries.iter().filter(is_one).collect();
        found.sort_by_key(|one| rank(one));
        found
    }

    /// The fields or headers for the next cursor, best first.
    fn next_cursors<'f>(&self, fields: &'f [Field<'d>]) -> Vec<&'f Field<'d>> {
        let is_one = |field: &&Field<'_>| {
            let scalar = matches!(field.kind, Some("string" | "integer"));
            // `paging.cursors.after`, `paging.next.after`
            let after = field.folded == "after"
                && (field.depth == 0
                    || field.parent.starts_with("next")
                    || matches!(
                        &*field.parent,
                        "cursors"
                            | "cursor"
                            | "paging"
                            | "pagination"
                            | "page"
                            | "pageinfo"
                            | "meta"
                            | "metadata"
                            | "pages"
                    ));
            let named = NEXT.contains(&&*field.folded)
                || (field.folded.starts_with("next") && field.folded.len() > 4);
            // `last_id` together with a flag is the cursor of the next page.
            let last = field.folded == "lastid" && self.flag().is_some();
            let cursor = field.folded == "cursor" && field.depth > 0 && names_next(field);
            scalar && (after || named || last || cursor) && !field.is_url()
        };
        let mut found: Vec<&Field<'d>> = fields.iter().filter(is_one).collect();
        found.sort_by_key(|field| {
            let place = NEXT.iter().position(|name| *name == field.folded);
            place.unwrap_or(NEXT.len())
        });
        found
    }

    fn last_item(&self) -> Option<Value> {
        let parameter = LAST_ITEM.iter().find_map(|name| {
            self.queries
                .iter()
                .find(|one| one.folded == *name && one.kind == Some("string") && !one.required)
        })?;
        let more = self.flag()?;
        let properties = properties(self.document, self.items.of);
        let description = parameter.description.to_ascii_lowercase();
        let words = || description.split(|c: char| !c.is_ascii_alphanumeric());
        let of_item = words().any(|word| ["item", "object", "record", "entry"].contains(&word));
        let (id, _) = IDS.iter().find_map(|id| {
            let is_one = |(name, schema): &&(&str, &Value)| {
                name == id && kind(self.document, schema, 0) == Some("string")
            };
            let is_named = *id == "id" || (of_item && words().any(|word| word == *id));
            properties.iter().find(is_one).filter(|_| is_named)
        })?;
        Some(json!({
            "kind": "last-item", "parameter": parameter.name, "id": id, "more": more.place, "items": self.items.place
        }))
    }

    fn link_header(&self) -> Option<Value> {
        let is_declared = self
            .headers
            .iter()
            .any(|header| header.place.eq_ignore_ascii_case("link"));
        (is_declared && self.asks_for_pages())
            .then(|| json!({ "kind": "link", "items": self.items.place }))
    }

    fn link(&self) -> Option<Value> {
        let next = self.next_link()?;
        self.asks_for_pages()
            .then(|| json!({ "kind": "link", "next": next.place, "items": self.items.place }))
    }

    /// The link to the next page, if it contains a token that the request takes in addition to a page number: in that case
    /// the number alone is not sufficient.
    fn token_link(&self) -> Option<Value> {
        let takes_token = self.queries.iter().any(|one| {
            one.kind == Some("string")
                && !one.required
                && one.folded.ends_with("token")
                && CURSORS.contains(&&*one.folded)
        });
        takes_token.then(|| self.link())?
    }

    fn page(&self) -> Option<Value> {
        let page = self.number(&PAGES)?;
        let size = self.size();
        let shown = self.items.place.is_empty() || self.has_facts() || size.is_some();
        shown.then(|| self.numbered("page", page, first(page).unwrap_or(1), size))
    }

    fn offset(&self) -> Option<Value> {
        let offset = self.number(&OFFSETS)?;
        // The start of a range, such as a time range, is not an offset.
        let ends = match &*offset.folded {
            "from" => "to",
            "start" => "end",
            _ => "",
        };
        if self.queries.iter().any(|one| one.folded == ends) {
            return None;
        }
        let size = self.size()?;
        Some(self.numbered("offset", offset, first(offset).unwrap_or(0), Some(size)))
    }

    fn numbered(
        &self,
        kind: &str,
        number: &Query<'_>,
        first: u64,
        size: Option<&Query<'_>>,
    ) -> Value {
        let mut paging = json!({ "kind": kind, "parameter": number.name, "first": first });
        if let Some(size) = size {
            paging["size"] = json!(size.name);
        }
        let next = || {
            let mut fields = self.fields.iter();
            fields.find(|field| {
                matches!(&*field.folded, "nextpage" | "nextoffset" | "nextpagenumber")
                    && matches!(field.kind, Some("integer" | "number" | "string"))
            })
        };
        if let Some(more) = self.flag().or_else(|| self.next_link()).or_else(next) {
            paging["more"] = json!(more.place);
        }
        paging["items"] = json!(self.items.place);
        paging
    }

    fn number(&self, names: &[&str]) -> Option<&Query<'d>> {
        names.iter().find_map(|name| {
            self.queries
                .iter()
                .find(|one| one.folded == *name && one.is_integer())
        })
    }

    fn size(&self) -> Option<&Query<'d>> {
        self.number(&SIZES)
    }

    /// Whether the request has a parameter that selects a page.
    fn asks_for_pages(&self) -> bool {
        self.queries.iter().any(|one| {
            let name = &&*one.folded;
            CURSORS.contains(name) || PAGES.contains(name) || OFFSETS.contains(name)
        })
    }

    /// Whether the response contains the position in the list, or whether there are more items.
    fn has_facts(&self) -> bool {
        self.flag().is_some()
            || self.next_link().is_some()
            || self.fields.iter().any(|field| {
                let name = &&*field.folded;
                let number = matches!(field.kind, Some("integer" | "number"));
                (number && FACTS.contains(name))
                    || (field.kind == Some("object") && FACTS_OBJECTS.contains(name))
            })
    }

    fn flag(&self) -> Option<&Field<'d>> {
        self.fields
            .iter()
            .find(|field| field.kind == Some("boolean") && MORE.contains(&&*field.folded))
    }

    /// The field with the URL of the next page.
    fn next_link(&self) -> Option<&Field<'d>> {
        self.fields.iter().find(|field| {
            let named = matches!(
                &*field.folded,
                "next"
                    | "nextlink"
                    | "nexturl"
                    | "nexturi"
                    | "nextpageurl"
                    | "nextpageuri"
                    | "nextpagelink"
                    | "nextpage"
                    | "odatanextlink"
                    | "nexthref"
            ) || (field.folded == "href" && field.parent == "next");
            named && may_be_text(self.document, field.schema) && field.is_url()
        })
    }
}

/// Whether a field with the name of the parameter contains the next cursor, and not the one that was sent.
fn names_next(field: &Field<'_>) -> bool {
    if field.parent.starts_with("next") {
        return true;
    }
    let description = text(field.schema, "description").unwrap_or_default();
    let description = description.to_ascii_lowercase();
    [
        "next",
        "subsequent",
        "following",
        "more results",
        "remaining",
    ]
    .iter()
    .any(|word| description.contains(word))
}

/// The number of the first page, if the document contains it.
fn first(parameter: &Query<'_>) -> Option<u64> {
    let stated = |name: &str| {
        let number = parameter.schema.get(name)?;
        let number = number.as_u64().or_else(|| number.as_str()?.parse().ok());
        number.filter(|number| *number <= 1)
    };
    stated("default")
        .or_else(|| stated("minimum"))
        .or_else(|| told(parameter.description))
}

/// The first number in a description.
fn told(description: &str) -> Option<u64> {
    let text = description.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&[
        "zero-based",
        "zero based",
        "0-based",
        "zero-indexed",
        "0-indexed",
        "0 indexed",
        "starts at 0",
        "starting at 0",
        "starting from 0",
        "starts from 0",
        "starts with 0",
        "first page is 0",
    ]) {
        return Some(0);
    }
    says(&[
        "one-based",
        "one based",
        "1-based",
        "one-indexed",
        "1-indexed",
        "1 indexed",
        "starts at 1",
        "starting at 1",
        "starting from 1",
        "starts from 1",
        "starts with 1",
        "first page is 1",
    ])
    .then_some(1)
}

/// The list with the items of a response, if it is unambiguous.
fn items<'d>(document: &'d Value, path: &str, success: &Success<'d>) -> Option<Items<'d>> {
    let of = |list: &'d Value| {
        let list = resolve(document, list);
        resolve(document, list.get("items").unwrap_or(&Value::Null))
    };
    if kind(document, success.schema, 0) == Some("array") {
        return Some(Items {
            place: String::new(),
            of: of(success.schema),
        });
    }
    let all = fields(document, success.schema);
    let outermost = all.iter().map(|field| field.depth).min()?;
    // The list is in the response itself, or else in an object that wraps it.
    for depth in outermost..=outermost + 1 {
        let lists: Vec<&Field<'d>> = all
            .iter()
            .filter(|field| field.depth == depth && field.kind == Some("array"))
            .filter(|field| !BESIDE.contains(&&*field.folded) && !BESIDE.contains(&&*field.parent))
            .collect();
        let best = ITEMS
            .iter()
            .find_map(|name| lists.iter().find(|field| field.folded == *name));
        let objects: Vec<&&Field<'d>> = lists
            .iter()
            .filter(|field| kind(document, of(field.schema), 0) == Some("object"))
            .collect();
        let chosen = match (best, &lists[..], &objects[..]) {
            (Some(best), ..) => Some(*best),
            (None, [only], _) => Some(*only),
            (None, _, [only]) => Some(**only),
            // `/threads/search` lists `threads`.
            _ => path
                .rsplit('/')
                .map(fold)
                .find_map(|segment| lists.iter().find(|field| field.folded == segment))
                .copied(),
        };
        if let Some(field) = chosen {
            return Some(Items {
                place: field.place.clone(),
                of: of(field.schema),
            });
        }
        if !lists.is_empty() {
            return None;
        }
    }
    None
}
