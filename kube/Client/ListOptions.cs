namespace Ambient.Kube.Client;

/// <summary>Which objects to list or watch.</summary>
public sealed record ListOptions
{
    /// <summary>Empty for every namespace.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Such as <c>app=web,tier!=db</c>; empty for all.</summary>
    public string LabelSelector { get; init; } = "";

    /// <summary>Such as <c>spec.nodeName=node-1</c>; empty for all.</summary>
    public string FieldSelector { get; init; } = "";

    /// <summary>Ask for the whole list in one answer; it is read object by object all the same.</summary>
    public bool Unpaged { get; init; }
}
