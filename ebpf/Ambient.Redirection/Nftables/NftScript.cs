using System.Text;

namespace Ambient.Redirection.Nftables;

/// <summary>Text for <c>nft -f -</c>, which applies all of it or nothing.</summary>
internal sealed class NftScript
{
    private readonly StringBuilder _text = new();

    /// <summary>Makes the table if need be and empties its chains, so that the script can be applied again.</summary>
    public void BeginTable(string table)
    {
        Line($"add table inet {table}");
        Line($"flush table inet {table}");
    }

    /// <summary>Removes the table whether it exists or not: adding one that exists changes nothing.</summary>
    public void DropTable(string table)
    {
        Line($"add table inet {table}");
        Line($"delete table inet {table}");
    }

    public void BaseChain(string table, string hook, string type, int priority) =>
        Line($"add chain inet {table} {hook} {{ type {type} hook {hook} priority {priority}; policy accept; }}");

    public void Chain(string table, string chain) => Line($"add chain inet {table} {chain}");

    public void Rule(string table, string chain, string rule) => Line($"add rule inet {table} {chain} {rule}");

    public void Line(string line) => _text.Append(line).Append('\n');

    public override string ToString() => _text.ToString();
}
