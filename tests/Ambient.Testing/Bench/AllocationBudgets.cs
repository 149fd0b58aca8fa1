using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ambient.Testing.Bench;

/// <summary>bench/allocation-budgets.json: how many bytes each named operation may allocate.</summary>
public sealed class AllocationBudgets
{
    private AllocationBudgets(IReadOnlyDictionary<string, long> operations, IReadOnlyDictionary<string, long> connections)
    {
        Operations = operations;
        Connections = connections;
    }

    public static AllocationBudgets Current { get; } = Load();

    /// <summary>By the name of a microbenchmark, folder first.</summary>
    public IReadOnlyDictionary<string, long> Operations { get; }

    /// <summary>Of one connection through two nodes, both of them together.</summary>
    public IReadOnlyDictionary<string, long> Connections { get; }

    private static AllocationBudgets Load([CallerFilePath] string thisFile = "")
    {
        string file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../../bench/allocation-budgets.json"));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        return new AllocationBudgets(Section(document, "operations"), Section(document, "connections"));
    }

    private static Dictionary<string, long> Section(JsonDocument document, string name) =>
        document.RootElement.GetProperty(name).EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt64());
}
