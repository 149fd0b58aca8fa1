using Ambient.Mesh.Services;

namespace Ambient.Xds.Decoding;

/// <summary>
/// One object per distinct value: namespaces, nodes, accounts and memberships repeat in nearly every workload. What has not been seen for
/// a while is forgotten, so that churn cannot fill the memory. Not thread-safe.
/// </summary>
internal sealed class Interning
{
    private readonly InternPool<string> _texts = new();
    private readonly InternPool<PortMap> _ports = new();
    private readonly InternPool<object> _values = new();

    public string Text(string text) => text.Length == 0 ? string.Empty : _texts.Intern(text);

    public PortMap Ports(PortMap ports) => ports.Count == 0 ? PortMap.Empty : _ports.Intern(ports);

    /// <summary>For immutable records, compared by value.</summary>
    public T Value<T>(T value)
        where T : class => (T)_values.Intern(value);
}
