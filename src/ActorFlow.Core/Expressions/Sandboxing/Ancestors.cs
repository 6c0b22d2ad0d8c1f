using Jint.Native.Object;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>The objects that hold the one being written: no object may occur twice, and their number is limited.</summary>
internal sealed class Ancestors
{
    private readonly List<ObjectInstance> _ancestors = [];

    /// <exception cref="ValueException">The object holds itself, or nests too deep.</exception>
    public void Enter(ObjectInstance value)
    {
        foreach (var ancestor in _ancestors)
        {
            if (ReferenceEquals(ancestor, value))
            {
                throw new ValueException("the value holds itself, which is not JSON");
            }
        }

        if (_ancestors.Count == ExpressionLimits.ResultDepth)
        {
            throw new ValueException($"the value nests deeper than {ExpressionLimits.ResultDepth} levels") { Type = ErrorTypes.PayloadTooDeep };
        }

        _ancestors.Add(value);
    }

    public void Leave() => _ancestors.RemoveAt(_ancestors.Count - 1);
}
