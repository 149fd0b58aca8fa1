using Ambient.Kube.Resources.Core;
using Ambient.Xds.Messages;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>What is spoken on a port, as far as its declaration says (control-plane-and-cni 5.4).</summary>
internal static class AppProtocols
{
    public static AppProtocolValue Of(ServicePort port)
    {
        if (port.Protocol is not ("" or "TCP"))
        {
            return AppProtocolValue.AppProtocolUnknown;
        }

        if (port.AppProtocol.Length > 0)
        {
            return Named(port.AppProtocol);
        }

        int dash = port.Name.IndexOf('-');
        return Named(dash < 0 ? port.Name : port.Name[..dash]);
    }

    /// <summary>A protocol by its name, in any case.</summary>
    public static AppProtocolValue Named(string name) => name.ToLowerInvariant() switch
    {
        "http" or "kubernetes.io/ws" => AppProtocolValue.AppProtocolHttp11,
        "http2" or "kubernetes.io/h2c" => AppProtocolValue.AppProtocolHttp2,
        "grpc" => AppProtocolValue.AppProtocolGrpc,
        "https" or "tls" or "kubernetes.io/wss" => AppProtocolValue.AppProtocolTls,
        "tcp" => AppProtocolValue.AppProtocolTcp,
        _ => AppProtocolValue.AppProtocolUnknown,
    };
}
