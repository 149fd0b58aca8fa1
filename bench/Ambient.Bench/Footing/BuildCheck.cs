using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Ambient.Bench.Footing;

/// <summary>Refuses debug builds of our programs, which run at a quarter of the speed.</summary>
internal static class BuildCheck
{
    /// <summary>DebuggableAttribute.DebuggingModes.DisableOptimizations.</summary>
    private const int DisableOptimizations = 0x100;

    /// <exception cref="UnequalFootingException">
    /// The folder holds no assembly of ours, or one that was built without optimisation, or one that does not say how it was built.
    /// </exception>
    public static void EnsureRelease(string folder)
    {
        string[] assemblies = [.. Directory.GetFiles(folder, "*.dll").Where(IsOurs)];
        if (assemblies.Length == 0)
        {
            throw new UnequalFootingException($"{folder} holds no assembly of ours whose build could be checked");
        }

        foreach (string assembly in assemblies)
        {
            switch (IsDebug(assembly))
            {
                case true:
                    throw new UnequalFootingException($"{assembly} is a debug build; build with -c Release");
                case null:
                    throw new UnequalFootingException($"{assembly} does not say whether it was optimised; keep its DebuggableAttribute when trimming");
            }
        }
    }

    /// <summary>True when the assembly tells the compiler not to optimise; null when it says nothing, as after a trimmer took the attribute.</summary>
    public static bool? IsDebug(string assembly)
    {
        using FileStream stream = File.OpenRead(assembly);
        using PEReader portableExecutable = new(stream);
        MetadataReader metadata = portableExecutable.GetMetadataReader();
        CustomAttribute[] found = [.. metadata.GetAssemblyDefinition().GetCustomAttributes()
            .Select(metadata.GetCustomAttribute)
            .Where(attribute => TypeName(metadata, attribute) == "DebuggableAttribute")];
        return found.Length == 0 ? null : found.Any(attribute => DisablesOptimizations(metadata.GetBlobReader(attribute.Value)));
    }

    private static bool IsOurs(string path)
    {
        string name = Path.GetFileName(path);
        return name.StartsWith("Ambient.", StringComparison.Ordinal) || name is "ztunnel.dll" or "control-plane.dll" or "ambient-bench.dll" or "ambient-load.dll";
    }

    private static string TypeName(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference)
        {
            return "";
        }

        EntityHandle parent = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        return parent.Kind == HandleKind.TypeReference ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name) : "";
    }

    /// <summary>The blob is a prolog of two bytes and the constructor's argument: the modes as four bytes, or two booleans (tracking, disabled optimiser).</summary>
    private static bool DisablesOptimizations(BlobReader blob)
    {
        _ = blob.ReadUInt16();
        return blob.RemainingBytes >= 6 ? (blob.ReadInt32() & DisableOptimizations) != 0 : blob.RemainingBytes >= 2 && blob.ReadUInt16() >> 8 != 0;
    }
}
