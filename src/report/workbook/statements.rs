//! The three statements by fiscal year.

use super::book::{Chart, ChartKind, Form, Line, Sheet};
use super::context::Context;
use crate::finance::tax::Losses;

const MONEY: &str = "USD, shown in M";

/// Sum of a line's months in the fiscal year.
fn flow(line: &str) -> String {
    format!("SUMIFS([{line}:],[time/year:],[years/i])")
}

/// A line's month that closes the fiscal year.
fn stock(line: &str) -> String {
    format!("SUMIFS([{line}:],[time/year:],[years/i],[time/closes:],1)")
}

/// Adds lines; knows what the engine says of them by year.
struct Statement<'a, 'b> {
    sheet: &'a mut Sheet,
    context: &'a Context<'b>,
}

#[derive(Clone, Copy, PartialEq)]
enum Sum {
    Flow,
    /// Flows whose sum may cancel.
    Net,
    Stock,
}

impl Statement<'_, '_> {
    fn add(&mut self, key: &str, label: &str, formula: &str, sum: Sum, months: Option<&[f64]>) {
        let engine = months.map(|list| self.years(list, sum));
        let line = Line::new(format!("s/{key}"), label, MONEY).form(Form::Millions).each(formula);
        let line = match sum {
            Sum::Flow => line.sum(),
            Sum::Net => line.net(),
            Sum::Stock => line,
        };
        self.sheet.add(line.engine(engine.as_deref()));
    }

    fn strong(&mut self, key: &str, label: &str, formula: &str, sum: Sum, months: Option<&[f64]>) {
        self.add(key, label, formula, sum, months);
        if let Some(line) = self.sheet.lines.pop() {
            self.sheet.lines.push(line.strong());
        }
    }

    fn years(&self, months: &[f64], sum: Sum) -> Vec<f64> {
        let periods = &self.context.source.evaluation.statements.periods;
        let last = periods.last().map_or(0, |p| p.year + 1);
        let mut years = vec![0.0; last];
        for (period, value) in periods.iter().zip(months) {
            if let Some(year) = years.get_mut(period.year) {
                *year = if sum == Sum::Stock { *value } else { *year + value };
            }
        }
        years
    }
}

pub(super) fn sheet(context: &mut Context) -> Sheet {
    let mut sheet = context.yearly("Statements");
    let loan = context.project().debt.is_some();
    let mut s = Statement { sheet: &mut sheet, context };
    income(&mut s, loan);
    balance(&mut s, loan);
    cash(&mut s, loan);
    charts(&mut sheet, context);
    sheet
}

fn income(s: &mut Statement, loan: bool) {
    let context = s.context;
    let project = context.project();
    s.sheet.section("Income");
    for (n, stream) in project.streams.iter().enumerate() {
        let engine = context.income(&format!("revenue: {}", stream.id));
        let label = format!("Revenue: {}", stream.id);
        s.add(&format!("revenue/{n}"), &label, &flow(&format!("revenue/{n}")), Sum::Flow, engine);
    }
    s.strong("revenue", "Revenue", &flow("revenue"), Sum::Flow, context.income("revenue"));
    for (n, row) in project.opex.iter().enumerate() {
        let engine = context.income(&format!("opex: {}", row.id));
        s.add(&format!("opex/{n}"), &row.id, &flow(&format!("opex/{n}")), Sum::Flow, engine);
    }
    let engine = context.income("operating cost");
    s.strong("opex", "Running cost", &flow("opex"), Sum::Flow, engine);
    let engine = context.income("EBITDA");
    s.strong("ebitda", "EBITDA", "[s/revenue]-[s/opex]", Sum::Flow, engine);
    s.add("dep", "Depreciation", &flow("books/dep"), Sum::Flow, context.income("depreciation"));
    let engine = context.income("gain on disposal");
    s.add("gain", "Gain on disposal", &flow("books/gain"), Sum::Net, engine);
    s.strong("ebit", "EBIT", "[s/ebitda]-[s/dep]+[s/gain]", Sum::Net, context.income("EBIT"));
    let (interest, prefix) =
        if loan { (flow("loan/interest"), "l") } else { ("0*[years/i]".into(), "u") };
    s.add("interest", "Interest", &interest, Sum::Flow, context.income("interest"));
    let engine = context.income("profit before tax");
    s.strong("pbt", "Profit before tax", "[s/ebit]-[s/interest]", Sum::Net, engine);
    let paid = if loan { "loan/tax".to_owned() } else { "u/paid".to_owned() };
    s.add("tax", "Current tax", &flow(&paid), Sum::Net, context.income("current tax"));
    deferred(s, prefix);
    let engine = context.income("deferred tax");
    s.add("deferred", "Deferred tax", "[s/owed]-[s/owed<]", Sum::Net, engine);
    let net = "[s/pbt]-[s/tax]-[s/deferred]";
    s.strong("net", "Net income", net, Sum::Net, context.income("net income"));
}

/// Tax that the books owe later: rates times book value less tax basis, less what is carried
/// forward.
fn deferred(s: &mut Statement, prefix: &str) {
    let rules = s.context.project().tax;
    let forward = matches!(rules.losses, Losses::CarriedForward { .. });
    let carried = |kind: &str| match forward {
        true => format!("-[{prefix}/{kind}_carried]"),
        false => String::new(),
    };
    let (federal, state) = (carried("federal"), carried("state"));
    let left = if prefix == "l" { "taxl" } else { "tax" };
    s.sheet.section("Deferred tax");
    s.add("book", "Book value", &stock("books/net"), Sum::Stock, None);
    let formula = format!("[years/live]*([s/book]-[{left}/federal_left]{federal})");
    s.add("fdiff", "Book value less federal basis and losses", &formula, Sum::Stock, None);
    let formula = format!("[years/live]*([s/book]-[{left}/state_left]{state})");
    s.add("sdiff", "Book value less state basis and losses", &formula, Sum::Stock, None);
    let net_state = "[tax/staterate$]*(1-[tax/rate$])";
    let line = Line::new("s/staterate", "State rate after the federal deduction", "share");
    s.sheet.add(line.constant(net_state, Form::Percent));
    let interest = match rules.interest_limit.is_some() {
        true => format!("-([tax/rate$]+[s/staterate$])*[{prefix}/interest_carried]"),
        false => String::new(),
    };
    let formula =
        format!("[years/open]*([tax/rate$]*[s/fdiff]+[s/staterate$]*[s/sdiff]{interest})");
    s.add(
        "owed",
        "Owed at the end of the year",
        &formula,
        Sum::Stock,
        s.context.balance("deferred tax"),
    );
    s.sheet.section("Net income");
}

fn balance(s: &mut Statement, loan: bool) {
    let context = s.context;
    s.sheet.section("Balance sheet, at the end of the fiscal year");
    if loan {
        s.add("kept", "Cash kept", &stock("loan/kept"), Sum::Stock, context.balance("cash kept"));
        let engine = context.balance("debt service reserve");
        s.add("reserve", "Debt service reserve", &stock("loan/reserve"), Sum::Stock, engine);
        s.add("cash", "Cash", "[s/kept]+[s/reserve]", Sum::Stock, None);
    }
    let engine = context.balance("receivables");
    s.add("receivables", "Receivables", &stock("wc/receivables"), Sum::Stock, engine);
    let progress = match loan {
        true => "[s/progress_assets]+[s/progress_loan]",
        false => "[s/progress_assets]",
    };
    s.add("progress_assets", "Paid and not in service", &stock("books/progress"), Sum::Stock, None);
    if loan {
        let name = "Interest and fees in progress";
        s.add("progress_loan", name, &stock("loan/progress"), Sum::Stock, None);
    }
    let engine = context.balance("construction in progress");
    s.add("progress", "Construction in progress", progress, Sum::Stock, engine);
    let engine = context.balance("plant and equipment, net");
    s.add("plant", "Plant and equipment, net", "[s/book]", Sum::Stock, engine);
    let cash = if loan { "[s/cash]+" } else { "" };
    let assets = format!("{cash}[s/receivables]+[s/progress]+[s/plant]");
    let engine = context.balance("total assets");
    s.strong("assets", "Total assets", &assets, Sum::Stock, engine);
    s.add("payables", "Payables", &stock("wc/payables"), Sum::Stock, context.balance("payables"));
    let engine = context.balance("prepaid by customers");
    s.add("prepaid", "Prepaid by customers", &stock("wc/prepaid"), Sum::Stock, engine);
    if loan {
        s.add("debt", "Debt", &stock("loan/balance"), Sum::Stock, context.balance("debt"));
    }
    s.add("owed_tax", "Deferred tax", "[s/owed]", Sum::Stock, context.balance("deferred tax"));
    let (contributions, distributions) = owners(loan);
    let engine = context.cash("contributions");
    s.add("contributions", "Contributions of the year", &contributions, Sum::Flow, engine);
    s.add("distributions", "Distributions of the year", &distributions, Sum::Flow, None);
    let engine = context.balance("paid-in equity");
    s.add(
        "paid_in",
        "Paid-in equity",
        "[years/live]*([s/paid_in<]+[s/contributions])",
        Sum::Stock,
        engine,
    );
    let engine = context.balance("retained earnings");
    let retained = "[years/live]*([s/retained<]+[s/net]-[s/distributions])";
    s.add("retained", "Retained earnings", retained, Sum::Stock, engine);
    let debt = if loan { "+[s/debt]" } else { "" };
    let claims = format!(
        "ROUND([s/payables]+[s/prepaid]{debt}+[s/owed_tax]+[s/paid_in]+[s/retained],[const:cents])"
    );
    let label = "Total liabilities and equity, to the cent";
    s.strong("claims", label, &claims, Sum::Stock, None);
}

fn owners(loan: bool) -> (String, String) {
    if loan {
        (flow("loan/contributions"), flow("loan/distributions"))
    } else {
        (flow("owners/out"), flow("owners/in"))
    }
}

fn cash(s: &mut Statement, loan: bool) {
    let context = s.context;
    s.sheet.section("Cash flow");
    let mut add = |key: &str, label: &str, formula: String, engine: &str| {
        s.add(&format!("c/{key}"), label, &formula, Sum::Net, context.cash(engine));
    };
    add("net", "Net income", "[s/net]".into(), "net income");
    add("dep", "Depreciation", "[s/dep]".into(), "depreciation");
    add("gain", "Gain on disposal", "-[s/gain]".into(), "gain on disposal");
    add("deferred", "Deferred tax", "[s/deferred]".into(), "deferred tax");
    add(
        "rise",
        "Rise of working capital",
        format!("-{}", flow("wc/rise")),
        "rise of working capital",
    );
    let operating = "[s/c/net]+[s/c/dep]+[s/c/gain]+[s/c/deferred]+[s/c/rise]";
    add("operating", "Cash from operation", operating.into(), "cash from operation");
    add("capital", "Capital", format!("-{}", flow("capex/paid")), "capital");
    add("refresh", "Replacements", format!("-{}", flow("books/refresh")), "refresh");
    if loan {
        let cost = format!("-{}", flow("loan/progress_cost"));
        let engine = "interest during construction and fees";
        add("cost", "Interest during construction and fees", cost, engine);
    }
    add("proceeds", "Proceeds of disposal", flow("books/proceeds"), "proceeds of disposal");
    let cost = if loan { "+[s/c/cost]" } else { "" };
    let investing = format!("[s/c/capital]+[s/c/refresh]{cost}+[s/c/proceeds]");
    add("investing", "Cash from investing", investing, "cash from investing");
    if loan {
        add("drawn", "Drawn", flow("loan/draw"), "drawn");
        add("repaid", "Repaid", format!("-{}", flow("loan/returned")), "repaid");
    }
    add("contributions", "Contributions", "[s/contributions]".into(), "contributions");
    add("distributions", "Distributions", "-[s/distributions]".into(), "distributions");
    let debt = if loan { "[s/c/drawn]+[s/c/repaid]+" } else { "" };
    let financing = format!("{debt}[s/c/contributions]+[s/c/distributions]");
    add("financing", "Cash from financing", financing, "cash from financing");
    let change = "ROUND([s/c/operating]+[s/c/investing]+[s/c/financing],[const:cents])";
    s.strong("c/change", "Change of cash, to the cent", change, Sum::Net, None);
    let flow_row = flow("after/flow");
    s.strong(
        "free",
        "Flow after tax, without a loan",
        &flow_row,
        Sum::Net,
        context.flow("after tax, no loan"),
    );
    s.add("value", "Present value", &flow("after/value"), Sum::Net, None);
    s.add(
        "cumulative",
        "Cumulative flow",
        "[years/live]*([s/cumulative<]+[s/free])",
        Sum::Stock,
        None,
    );
}

/// Colours of the streams, from strong to weak.
const SERIES: [u32; 6] = [0x0F_7F_8F, 0x5B_AA_74, 0x52_66_0A, 0x96_94_A8, 0x33_26_0F, 0xC3_72_07];

fn charts(sheet: &mut Sheet, context: &Context) {
    let below = sheet.lines.len() as u32 + 2;
    let streams = context.project().streams.iter().enumerate();
    let lines = streams
        .map(|(n, stream)| {
            let color = SERIES.get(n % SERIES.len()).copied().unwrap_or(0);
            (stream.id.clone(), format!("s/revenue/{n}"), color)
        })
        .collect();
    let chart = |kind, title: &str, lines, at| Chart {
        kind,
        title: title.to_owned(),
        axis: "USD M, nominal".to_owned(),
        lines,
        categories: "years/fy".to_owned(),
        every: 1,
        at,
        size: (620, 300),
    };
    let flow = vec![
        ("Flow after tax".to_owned(), "s/free".to_owned(), 0x0B_63_CE),
        ("Cumulative".to_owned(), "s/cumulative".to_owned(), 0xC9_8A_2B),
    ];
    sheet.charts.push(chart(ChartKind::StackedColumns, "Revenue by stream", lines, (below, 0)));
    sheet.charts.push(chart(
        ChartKind::Columns,
        "Flow of the project without a loan",
        flow,
        (below, 6),
    ));
}
