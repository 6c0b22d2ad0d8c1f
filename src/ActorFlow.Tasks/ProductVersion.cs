using System.Reflection;

namespace ActorFlow.Tasks;

/// <summary>How <c>http</c> introduces itself.</summary>
internal static class ProductVersion
{
    /// <summary><c>ActorFlow/</c> and the version, without what it was built from.</summary>
    public static readonly string UserAgent = "ActorFlow/" + typeof(ProductVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
