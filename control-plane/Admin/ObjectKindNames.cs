using Ambient.ControlPlane.Translation;

namespace Ambient.ControlPlane.Admin;

/// <summary>The names by which people ask for a kind of object: as in kubectl, in any case, in the plural, or short.</summary>
public static class ObjectKindNames
{
    private static readonly Dictionary<string, ObjectKind> Names = Build();

    /// <summary>Every kind by its own name.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetNames<ObjectKind>().Order(StringComparer.Ordinal)];

    /// <summary>Every name that is understood.</summary>
    public static IReadOnlyCollection<string> Understood => Names.Keys;

    public static bool TryParse(string text, out ObjectKind kind) => Names.TryGetValue(text, out kind);

    /// <summary>Whether objects of the kind have no namespace.</summary>
    public static bool IsClusterWide(ObjectKind kind) => kind is ObjectKind.Node or ObjectKind.Namespace or ObjectKind.GatewayClass;

    private static Dictionary<string, ObjectKind> Build()
    {
        Dictionary<string, ObjectKind> names = new(StringComparer.OrdinalIgnoreCase)
        {
            ["po"] = ObjectKind.Pod,
            ["svc"] = ObjectKind.Service,
            ["no"] = ObjectKind.Node,
            ["ns"] = ObjectKind.Namespace,
            ["se"] = ObjectKind.ServiceEntry,
            ["we"] = ObjectKind.WorkloadEntry,
            ["gtw"] = ObjectKind.Gateway,
            ["pa"] = ObjectKind.PeerAuthentication,
            ["ap"] = ObjectKind.AuthorizationPolicy,
            ["policy"] = ObjectKind.AuthorizationPolicy,
        };
        foreach (ObjectKind kind in Enum.GetValues<ObjectKind>())
        {
            names[kind.ToString()] = kind;
            names[Plural(kind.ToString())] = kind;
        }

        return names;
    }

    private static string Plural(string kind) => kind switch
    {
        [.. var stem, 'y'] => stem + "ies",
        [.., 's'] => kind + "es",
        _ => kind + "s",
    };
}
