using Ambient.Xds;

namespace Ambient.ControlPlane.Admin;

/// <summary>Short names of the resource types, for people.</summary>
internal static class TypeNames
{
    public const string Address = "address";
    public const string Authorization = "authorization";

    public static string Of(string typeUrl) => typeUrl switch
    {
        XdsTypes.Address => Address,
        XdsTypes.Authorization => Authorization,
        _ => typeUrl,
    };
}
