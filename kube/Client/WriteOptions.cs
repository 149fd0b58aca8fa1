namespace Ambient.Kube.Client;

/// <summary>How to write.</summary>
public sealed record WriteOptions
{
    /// <summary>Who writes, for the record of field ownership; server-side apply needs it.</summary>
    public string FieldManager { get; init; } = "";

    /// <summary>Server-side apply: take fields that another manager owns.</summary>
    public bool Force { get; init; }

    /// <summary>Everything but the storing.</summary>
    public bool DryRun { get; init; }

    /// <summary>The part to write, such as <c>status</c>; empty for the object.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>What the server does with fields it does not know: <c>Strict</c>, <c>Warn</c> or <c>Ignore</c>; empty for its default.</summary>
    public string FieldValidation { get; init; } = "";
}
