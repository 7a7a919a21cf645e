"""The part of the catalogue about money: price years, costs, payments, pools and appraisal.

Importing this module adds its codes to `caresim.scenario.codes.CODES`.
"""

from caresim.scenario.codes import add

# --- C3: values ------------------------------------------------------------------------------

add(
    "C340",
    "shares of those who pay that do not sum to one",
    why="every pound is paid by someone, once",
    hint="correct the shares so that they sum to 100%",
    explanation=(
        "Where several pay together, each has a share, and the shares sum to 100%. Here they do "
        "not: part of the money would be paid by nobody, or twice."
    ),
)
add(
    "C341",
    "not a price year",
    why="a pound of 2015-16 buys more than one of 2024-25",
    hint="write the financial year: `price_year: 2024-25`",
    explanation=(
        "Prices are of a financial year, from April to March, written 2024-25. Results are in "
        "prices of the year that `price_year` at the top of the file says; figures of other years "
        "say so beside them and are moved to that year."
    ),
)
add(
    "C342",
    "price that does not say what it is for, or not what it could be for",
    why="a pound for a day, for an admission and for a place are different prices",
    hint="say what it is for: `96 GBP per day`, `3200 GBP per admission`",
    explanation=(
        "Costs of places and of use are by time, such as `250 GBP per day`; `per place per day` "
        "is a place's. A price of activity is for an admission, a stay (that ends), an arrival, "
        "a delayed day, a person by time or a place by time. Sums, such as capital, are for "
        "nothing: `15 million GBP`."
    ),
)
add(
    "C343",
    "cost or payment whose rule is not settled",
    why="it must be clear how much is paid, and what for",
    hint="give the keys that this kind of payment has",
    explanation=(
        "A tariff has a `price` and settings it is `for`; a block an `amount`; capitation a "
        "`price` of a person by time; a blended payment an `amount`, a `baseline` and a `price`; "
        "an outcome payment an `indicator`, a `target` and a `price`. A key of another kind would "
        "do nothing. A cost of people delayed stands in place of part of the `variable` cost."
    ),
)
add(
    "C344",
    "pool that does not add up",
    why="what a pool pays comes from those who contribute to it",
    hint="correct the contributions, or what is set aside",
    explanation=(
        "A pool has contributions and pays some payments. With separate pots it is said how much "
        "is set aside for each payment, and this sums to what is contributed."
    ),
)
add(
    "C345",
    "figure without a price year",
    why="a pound of 2015-16 buys more than one of 2024-25",
    hint="write `price_year: 2024-25` at the top of the file, and beside figures of other years",
    explanation=(
        "A file with money says at its top which financial year's prices its results are in. "
        "Costs, payments and pools are in prices of that year unless they say another."
    ),
)
add(
    "C346",
    "price year without a known rise of prices",
    why="the figure cannot be moved to the year of the results",
    hint="state the rise from the year before: `deflator: {2024-25: 3%}`",
    explanation=(
        "Figures of other price years are moved by the NHS Cost Inflation Index, which caresim "
        "knows for 2015-16 to 2023-24. For later or earlier years, or to use another index, give "
        "the rise of prices from the year before under `deflator`."
    ),
)
add(
    "C347",
    "fixed cost of unlimited places",
    why="a fixed cost is of each open place, and there would be no end of them",
    hint="give the setting a `capacity`, or write the cost as `variable`",
    explanation=(
        "A setting with unlimited capacity has no number of open places whose fixed cost could "
        "be counted. Either state how many places there are, or use a variable cost, which "
        "follows the people there."
    ),
)

# --- C4: references --------------------------------------------------------------------------

add(
    "C440",
    "no such organisation",
    why="every pound has someone who pays it and someone who is paid",
    hint="list it under `organisations`, or correct the name",
    explanation=(
        "A cost, payment or pool names an organisation that is not under `organisations`. Where "
        "there are several organisations each cost must say whose it is; where there is one, or "
        "none is listed, that may be left out."
    ),
)
add(
    "C441",
    "no such payment",
    why="a pool pays the payments that it lists",
    hint="describe it under `payments`, or correct the name",
    explanation=(
        "`pays` of a pool names a payment that is not under `payments`. Describe there who is "
        "paid and by which rule; the pool is then its payer."
    ),
)
add(
    "C442",
    "someone who pays themselves",
    why="nothing would be paid",
    hint="correct who pays or who is paid",
    explanation=(
        "The payer and the payee of a payment, or a pool and the one it pays, are the same. A "
        "pool is paid by contributions alone and pays organisations."
    ),
)
add(
    "C443",
    "payment that nobody pays",
    why="every pound comes from someone",
    hint="add `from`, or list it under `pays` of a pool",
    explanation=(
        "A payment says `from` whom it comes, or is listed by one pool. Here neither is the case, "
        "or it is listed by several pools, or the pool and `from` disagree."
    ),
)
add(
    "C444",
    "payment for a setting that nobody enters",
    why="nothing would ever be paid",
    hint="correct the name of the setting, or the routes and arrivals that should lead there",
    explanation=(
        "A tariff pays for what happens in a setting. No arrival, route, diversion or census of "
        "this scenario leads into the one it names, so that the payment would always be nothing."
    ),
)
add(
    "C445",
    "name of two accounts",
    why="it would not be clear which of them is paid",
    hint="rename one of them",
    explanation=(
        "Organisations and pools are accounts of one ledger and share one set of names. "
        "`suppliers` is taken: it stands for the staff and firms that costs are paid to."
    ),
)
