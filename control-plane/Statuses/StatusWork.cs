using Ambient.ControlPlane.Translation;
using Ambient.ControlPlane.Translation.Reports;

namespace Ambient.ControlPlane.Statuses;

/// <summary>Something to be written to the API server. Two that are equal are one.</summary>
public abstract record StatusWork(ObjectKey Object)
{
    /// <summary>The conditions of an object, as they are when it is written.</summary>
    public sealed record Conditions(ObjectKey Object) : StatusWork(Object);

    /// <summary>The addresses of a ServiceEntry, as they are when they are written.</summary>
    public sealed record Addresses(ObjectKey Object) : StatusWork(Object);

    /// <summary>An event about an object.</summary>
    public sealed record Note(ObjectEvent What) : StatusWork(What.Object);
}
