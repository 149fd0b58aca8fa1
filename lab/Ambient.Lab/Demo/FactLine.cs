namespace Ambient.Lab.Demo;

/// <summary>One line of the demo: a fact, and what was seen of it. A null verdict means that it cannot be shown here.</summary>
public sealed record FactLine(bool? Passed, string Fact, string Seen)
{
    private const int FactWidth = 50;

    public static FactLine Of(bool passed, string fact, string seen) => new(passed, fact, seen);

    public static FactLine NotHere(string fact, string reason) => new(null, fact, $"not shown here: {reason}");

    public override string ToString()
    {
        string verdict = Passed switch
        {
            true => "PASS",
            false => "FAIL",
            null => "----",
        };
        return $"{verdict}  {Fact.PadRight(FactWidth)}  {Seen}";
    }
}
