using System.Text.Json;

namespace Ambient.Cli.Dumps;

/// <summary>A configuration dump (control-plane-and-cni 9.1): at its top, lists and maps count alike.</summary>
internal sealed class Dump : IDisposable
{
    public const string Workloads = "workloads";
    public const string Services = "services";
    public const string Policies = "policies";
    public const string Certificates = "certificates";
    public const string WorkloadState = "workloadState";

    private const string NextStep = "Get one with: curl -s http://localhost:15000/config_dump > dump.json";

    private readonly JsonDocument _document;
    private readonly string _source;

    private Dump(JsonDocument document, string source)
    {
        _document = document;
        _source = source;
    }

    /// <param name="text">UTF-8.</param>
    /// <param name="source">Where it is from, for messages.</param>
    /// <exception cref="CommandException">It is no dump.</exception>
    public static Dump Parse(ReadOnlyMemory<byte> text, string source)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new Dump(document, source);
            }

            document.Dispose();
            throw new CommandException($"{source} is no configuration dump: it is not a JSON object", NextStep);
        }
        catch (JsonException failure)
        {
            throw new CommandException(
                $"{source} is no configuration dump: not JSON at line {(failure.LineNumber ?? 0) + 1}, byte {(failure.BytePositionInLine ?? 0) + 1}", NextStep);
        }
    }

    /// <exception cref="CommandException">The dump has no such section.</exception>
    public IReadOnlyList<JsonElement> Section(string key) => Has(key)
        ? [.. _document.RootElement.Items(key)]
        : throw new CommandException($"{_source} has no '{key}'", $"It has {string.Join(", ", Keys())}. {NextStep}");

    /// <summary>A section that explains another one; empty when it is not there.</summary>
    public IEnumerable<JsonElement> Optional(string key) => _document.RootElement.Items(key);

    /// <summary>A section as it is.</summary>
    public JsonElement Raw(string key)
    {
        _ = Section(key);
        return _document.RootElement.GetProperty(key);
    }

    public void Dispose() => _document.Dispose();

    private bool Has(string key) =>
        _document.RootElement.TryGetProperty(key, out JsonElement value) && value.ValueKind is JsonValueKind.Array or JsonValueKind.Object;

    private IEnumerable<string> Keys()
    {
        const int shown = 12;
        string[] keys = [.. _document.RootElement.EnumerateObject().Select(property => Text.Printable.Of(property.Name)).Take(shown)];
        return keys.Length == 0 ? ["nothing"] : keys;
    }
}
