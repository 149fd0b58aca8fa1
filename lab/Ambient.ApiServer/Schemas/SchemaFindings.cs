namespace Ambient.ApiServer.Schemas;

/// <summary>What a schema says against an object.</summary>
internal sealed class SchemaFindings
{
    private const int MaxCauses = 20;

    private readonly List<(string Field, string Message)> _causes = [];
    private readonly List<string> _unknown = [];

    /// <summary>What is wrong; empty when nothing is.</summary>
    public IReadOnlyList<(string Field, string Message)> Causes => _causes;

    /// <summary>Paths of fields that the schema does not know, which were dropped.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    public bool IsFull => _causes.Count >= MaxCauses;

    public void Add(string path, string message)
    {
        if (!IsFull)
        {
            _causes.Add((path, message));
        }
    }

    public void AddUnknown(string path)
    {
        if (_unknown.Count < MaxCauses)
        {
            _unknown.Add(path);
        }
    }
}
