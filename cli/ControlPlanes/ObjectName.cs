using Ambient.Cli.Text;
using Ambient.ControlPlane.Admin;
using Ambient.ControlPlane.Translation;

namespace Ambient.Cli.ControlPlanes;

/// <summary>An object as a user names it: KIND/NAME.</summary>
internal static class ObjectName
{
    private const string DefaultNamespace = "default";

    /// <exception cref="CommandException">It is not of that form, or of a kind that is not part of the mesh.</exception>
    public static ObjectKey Parse(string text, string? home)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 2 || parts[1].Length == 0)
        {
            throw new CommandException($"'{Printable.Of(text)}' is not KIND/NAME", "Write it like authorizationpolicy/deny-all; the namespace comes with -n.");
        }

        // authorizationpolicies.security.istio.io, as kubectl prints it.
        string kindName = parts[0].Split('.')[0];
        if (!ObjectKindNames.TryParse(kindName, out ObjectKind kind))
        {
            throw new CommandException($"there is no kind '{Printable.Of(parts[0])}' in the mesh", Suggestion.For(kindName, ObjectKindNames.All, "kinds"));
        }

        return new ObjectKey(kind, ObjectKindNames.IsClusterWide(kind) ? "" : home ?? DefaultNamespace, parts[1]);
    }
}
