using Ambient.ControlPlane.Translation;
using Ambient.Kube.Resources;

namespace Ambient.ControlPlane.Sources;

/// <summary>Sees each object as it is read, before it is translated. Called from the loop of its watch: must not block.</summary>
public interface IObjectObserver
{
    void Seen(ObjectKey key, IKubernetesObject value);

    void Gone(ObjectKey key);
}
