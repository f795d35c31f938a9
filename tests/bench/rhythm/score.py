"""How right beats, tempo and key are: the measures of the field.

F-measure of beats as in mir_eval (Raffel et al. 2014): 70 ms, the first 5 s left out. Accuracy1: the
tempo within 4 %; Accuracy2: or its double, triple, half or third (Gouyon et al. 2006). Key: MIREX's
weights.
"""


def f_measure(truth, found, window=0.07, trim=5.0):
    truth, found = [t for t in truth if t >= trim], [t for t in found if t >= trim]
    if not truth or not found:
        return 0.0
    i = j = hits = 0
    while i < len(truth) and j < len(found):
        if abs(truth[i] - found[j]) <= window:
            hits, i, j = hits + 1, i + 1, j + 1
        elif truth[i] < found[j]:
            i += 1
        else:
            j += 1
    return 2 * hits / (len(truth) + len(found))


def accuracy1(truth, found, share=0.04):
    return abs(found - truth) <= share * truth


def accuracy2(truth, found):
    return any(accuracy1(truth * factor, found) for factor in (1, 2, 3, 1 / 2, 1 / 3))


def key_score(truth, found):
    """(pitch class, 1 major or 0 minor) each; found[0] is -1 for none."""
    (tonic, mode), (heard, heard_mode) = truth, found
    if heard < 0:
        return 0.0
    if (tonic, mode) == (heard, heard_mode):
        return 1.0
    if mode == heard_mode and (heard - tonic) % 12 == 7:
        return 0.5
    if mode != heard_mode and (heard - tonic) % 12 == (9 if mode else 3):
        return 0.3
    return 0.2 if tonic == heard else 0.0
